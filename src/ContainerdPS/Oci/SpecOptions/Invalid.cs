namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Errors about values a user gave.</summary>
internal static class Invalid
{
    public static ContainerdException Value(string reason, string message) => new(ContainerdErrorCode.InvalidArgument, message) { Reason = reason };

    /// <summary>Refuses a path that is not absolute inside a container, whatever this machine's own paths look like.</summary>
    public static void RequireAbsolute(string reason, string? path, string what)
    {
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Value(reason, $"The {what} '{path}' is not an absolute path; it must start with '/'.");
        }
    }
}
