namespace ContainerdPS.Oci.SpecOptions;

/// <summary>
/// What the options of an overlay mount say. Colons part the lower folders; a backslash before a character makes it
/// part of a name.
/// </summary>
internal static class OverlayOptions
{
    private const string Upper = "upperdir=";
    private const string Lower = "lowerdir=";
    private const string Work = "workdir=";

    /// <summary>The folder changes are written to; null where nothing can be written.</summary>
    public static string? UpperFolder(IEnumerable<string> options) => Value(options, Upper) is { } folder ? Unescape(folder) : null;

    /// <summary>The folders that are shown merged, the uppermost first.</summary>
    public static List<string> Layers(IReadOnlyCollection<string> options)
    {
        List<string> layers = UpperFolder(options) is { } upper ? [upper] : [];
        if (Value(options, Lower) is { } lower)
        {
            layers.AddRange(Split(lower));
        }

        return layers;
    }

    /// <summary>
    /// Options that show the same files to be read: the upper folder becomes the first of the lower ones. A second overlay
    /// that could write would have an upper folder in common with the container's own, for which the kernel gives no promise.
    /// </summary>
    public static IReadOnlyList<string> ForReading(IReadOnlyList<string> options)
    {
        if (UpperFolder(options) is not { } upper || Value(options, Lower) is not { } lower)
        {
            return options;
        }

        string first = upper.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        return [.. options.Where(static option => !Begins(option, Upper) && !Begins(option, Lower) && !Begins(option, Work) && option != "volatile"), $"{Lower}{first}:{lower}"];
    }

    /// <summary>The same with lower folders relative to a folder they all lie in, for lists too long to be passed to the kernel; null where they share none.</summary>
    public static (IReadOnlyList<string> Options, string Folder)? Shortened(IReadOnlyList<string> options)
    {
        if (Value(options, Lower) is not { } lower || lower.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        string[] folders = lower.Split(':');
        string common = folders[0];
        while (common.Length > 0 && !Array.TrueForAll(folders, folder => folder.StartsWith(common + '/', StringComparison.Ordinal)))
        {
            common = common[..Math.Max(0, common.LastIndexOf('/'))];
        }

        return common.Length == 0
            ? null
            : ([.. options.Where(static option => !Begins(option, Lower)), Lower + string.Join(':', folders.Select(folder => folder[(common.Length + 1)..]))], common);
    }

    private static string? Value(IEnumerable<string> options, string prefix) => options.FirstOrDefault(option => Begins(option, prefix))?[prefix.Length..];

    private static bool Begins(string option, string prefix) => option.StartsWith(prefix, StringComparison.Ordinal);

    private static IEnumerable<string> Split(string text)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\')
            {
                i++;
            }
            else if (i == text.Length || text[i] == ':')
            {
                if (i > start)
                {
                    yield return Unescape(text[start..i]);
                }

                start = i + 1;
            }
        }
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
