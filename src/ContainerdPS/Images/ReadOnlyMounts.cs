using ContainerdPS.Wire.Types;

namespace ContainerdPS.Images;

/// <summary>
/// Turns the mounts of a snapshot into ones that only read. A container's overlay is mounted by its task already, and a
/// second mount with the same upper folder would write beside it.
/// </summary>
internal static class ReadOnlyMounts
{
    private const string Upper = "upperdir=";
    private const string Work = "workdir=";
    private const string Lower = "lowerdir=";

    public static IReadOnlyList<Mount> Of(IReadOnlyList<Mount> mounts) => [.. mounts.Select(Of)];

    private static Mount Of(Mount mount)
    {
        var changed = new Mount { Type = mount.Type, Source = mount.Source, Target = mount.Target };
        string? upper = mount.Options.FirstOrDefault(static option => option.StartsWith(Upper, StringComparison.Ordinal))?[Upper.Length..];
        string? lower = mount.Options.FirstOrDefault(static option => option.StartsWith(Lower, StringComparison.Ordinal))?[Lower.Length..];
        if (mount.Type == "overlay" && upper is not null && lower is not null)
        {
            changed.Options.AddRange(mount.Options.Where(static option => !option.StartsWith(Upper, StringComparison.Ordinal) && !option.StartsWith(Work, StringComparison.Ordinal) && !option.StartsWith(Lower, StringComparison.Ordinal)));
            changed.Options.Add($"{Lower}{upper}:{lower}");
            return changed;
        }

        changed.Options.AddRange(mount.Options.Where(static option => option != "rw"));
        if (!changed.Options.Contains("ro"))
        {
            changed.Options.Add("ro");
        }

        return changed;
    }
}
