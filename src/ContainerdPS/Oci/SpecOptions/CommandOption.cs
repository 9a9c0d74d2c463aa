namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The command line: entry point, then arguments.</summary>
internal static class CommandOption
{
    /// <summary>Sets the command line from the image and the user's wishes.</summary>
    public static void Apply(SpecProcess process, ImageConfig? image, IReadOnlyList<string>? entrypoint, IReadOnlyList<string>? arguments)
    {
        IReadOnlyList<string> first = entrypoint ?? image?.Entrypoint ?? [];
        IReadOnlyList<string> rest = arguments is { Count: > 0 } ? arguments
            : entrypoint is null ? image?.Cmd ?? []
            : [];
        process.Args = [.. first, .. rest];
        if (process.Args.Count == 0)
        {
            throw Invalid.Value(image is null
                ? "No command was given, and there is no image to take one from."
                : "No command was given, and the image has none (neither Entrypoint nor Cmd).");
        }

        if (process.Args[0].Length == 0)
        {
            throw Invalid.Value("The program to run is an empty text.");
        }

        foreach (string argument in process.Args)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw Invalid.Value($"The argument '{argument.Replace("\0", "\\0", StringComparison.Ordinal)}' holds a NUL character, which no program can be given.");
            }
        }
    }
}
