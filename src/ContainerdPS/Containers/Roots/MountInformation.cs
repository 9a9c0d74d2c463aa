using ContainerdPS.Mounts;
using ContainerdPS.Oci.SpecOptions;

namespace ContainerdPS.Containers.Roots;

/// <summary>One line of /proc/PID/mountinfo.</summary>
/// <param name="Point">Where it is mounted, as its process sees it.</param>
/// <param name="Type">Type of file system.</param>
/// <param name="Options">Options of the file system, such as <c>upperdir=/x</c>.</param>
internal sealed record MountInformation(string Point, string Type, IReadOnlyList<string> Options)
{
    /// <summary>The folder changes are written to, where it is an overlay that is written to.</summary>
    public string? UpperFolder => Type == "overlay" ? OverlayOptions.UpperFolder(Options) : null;

    public static IReadOnlyList<MountInformation> Parse(string text)
    {
        var mounts = new List<MountInformation>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "36 35 98:0 /root /point options shared:1 - type source options"
            string[] sides = line.Split(" - ", 2);
            string[] left = sides[0].Split(' ');
            string[] right = sides.Length == 2 ? sides[1].Split(' ') : [];
            if (left.Length >= 6 && right.Length >= 3)
            {
                mounts.Add(new MountInformation(MountTable.Unescape(left[4]), right[0], [.. right[2].Split(',').Select(MountTable.Unescape)]));
            }
        }

        return mounts;
    }
}
