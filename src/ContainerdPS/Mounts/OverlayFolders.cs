namespace ContainerdPS.Mounts;

/// <summary>The folders in the options of an overlay mount.</summary>
internal static class OverlayFolders
{
    private const string Lower = "lowerdir=";
    private const string Upper = "upperdir=";
    private const string Work = "workdir=";

    /// <summary>The kernel takes one page of text; longer lists of layers are given relative to a folder they share.</summary>
    private const int Longest = 4096 - 512;

    /// <summary>The same tree without a way to change it: what was written becomes the topmost layer that is only read.</summary>
    public static IReadOnlyList<string> ReadOnly(IReadOnlyList<string> options)
    {
        string? upper = options.FirstOrDefault(static option => option.StartsWith(Upper, StringComparison.Ordinal))?[Upper.Length..];
        if (upper is null)
        {
            return options;
        }

        string? lower = options.FirstOrDefault(static option => option.StartsWith(Lower, StringComparison.Ordinal))?[Lower.Length..];
        return
        [
            .. options.Where(static option => !option.StartsWith(Upper, StringComparison.Ordinal) && !option.StartsWith(Work, StringComparison.Ordinal) && !option.StartsWith(Lower, StringComparison.Ordinal)),
            $"{Lower}{upper}{(lower is null ? string.Empty : ":" + lower)}",
        ];
    }

    /// <summary>Shortens options that are too long for the kernel.</summary>
    /// <returns>The folder to mount from, null where nothing was shortened, and the options.</returns>
    public static (string? Folder, IReadOnlyList<string> Options) Compact(IReadOnlyList<string> options)
    {
        string? lower = options.FirstOrDefault(static option => option.StartsWith(Lower, StringComparison.Ordinal))?[Lower.Length..];
        string[] layers = lower?.Split(':') ?? [];
        if (options.Sum(static option => option.Length + 1) < Longest || layers.Length < 2 || lower!.Contains('\\', StringComparison.Ordinal))
        {
            return (null, options);
        }

        string shared = layers[0][..(layers[0].LastIndexOf('/') + 1)];
        while (shared.Length > 1 && !Array.TrueForAll(layers, layer => layer.StartsWith(shared, StringComparison.Ordinal)))
        {
            shared = shared[..(shared.LastIndexOf('/', shared.Length - 2) + 1)];
        }

        return shared.Length <= 1
            ? (null, options)
            : (shared, [.. options.Where(static option => !option.StartsWith(Lower, StringComparison.Ordinal)), Lower + string.Join(':', layers.Select(layer => layer[shared.Length..]))]);
    }
}
