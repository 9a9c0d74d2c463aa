namespace ContainerdPS.Oci.SpecOptions;

/// <summary>The command line: entry point, then arguments.</summary>
internal static class CommandOption
{
    private const string Reason = "InvalidCommand";

    /// <summary>Sets the command line from the image and the user's wishes.</summary>
    public static void Apply(SpecProcess process, ImageConfig? image, IReadOnlyList<string>? entrypoint, IReadOnlyList<string>? arguments)
    {
        IReadOnlyList<string> first = entrypoint ?? image?.Entrypoint ?? [];
        IReadOnlyList<string> rest = arguments ?? (entrypoint is null ? image?.Cmd : null) ?? [];
        if (first.Count + rest.Count == 0)
        {
            throw Invalid.Value(Reason, image is null ? "No command was given, and there is no image to take one from."
                : image.Entrypoint is { Count: > 0 } || image.Cmd is { Count: > 0 } ? "No command was given, and what was given takes the image's own away."
                : "No command was given, and the image has none (neither Entrypoint nor Cmd).");
        }

        process.Args = Checked([.. first, .. rest]);
    }

    /// <summary>Gives the command line back when a program can be run by it; arguments may be empty, the program may not.</summary>
    public static List<string> Checked(List<string> commandLine)
    {
        if (commandLine[0].Length == 0)
        {
            throw Invalid.Value(Reason, "The program to run is an empty text.");
        }

        foreach (string argument in commandLine)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw Invalid.Value(Reason, $"The argument '{argument.Replace("\0", "\\0", StringComparison.Ordinal)}' holds a NUL character, which no program can be given.");
            }
        }

        return commandLine;
    }
}
