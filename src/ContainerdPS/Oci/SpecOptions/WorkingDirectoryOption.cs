namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The working directory; the runtime makes it where it is missing.</summary>
internal static class WorkingDirectoryOption
{
    private const string Reason = "InvalidWorkingDirectory";

    public static void Apply(SpecProcess process, string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        Invalid.RequireAbsolute(Reason, path, "working directory");
        process.Cwd = path;
    }
}
