namespace ContainerdPS.Commands;

/// <summary>Mount options as people give them: one at a time, or several with commas between, as mount(8) takes them.</summary>
internal static class MountOptionWords
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> given) =>
        [.. given.SelectMany(static options => options.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
