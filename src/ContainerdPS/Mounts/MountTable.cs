using System.Globalization;
using System.Text;

namespace ContainerdPS.Mounts;

/// <summary>The mounts of this process's mount namespace, as <c>/proc/self/mountinfo</c> lists them.</summary>
internal static class MountTable
{
    /// <summary>All mounts, in the order they were made.</summary>
    public static List<MountEntry> All()
    {
        var found = new List<MountEntry>();
        foreach (string line in File.ReadAllLines("/proc/self/mountinfo"))
        {
            if (Parse(line) is { } entry)
            {
                found.Add(entry);
            }
        }

        return found;
    }

    /// <summary>Mount points below a folder, the latest first: the order they can be unmounted in.</summary>
    public static List<string> Below(string folder) => Points(entry => IsBelow(entry.Path, folder));

    /// <summary>
    /// Mount points below a folder of a unique name, and others at which something of it is mounted: a bind mount of a
    /// folder in it, or an overlay of several.
    /// </summary>
    public static List<string> Touching(string folder)
    {
        // What is mounted is told by its path in its own filesystem, which need not be the path here: the name must do.
        string name = $"/{Path.GetFileName(folder)}/";
        return Points(entry => IsBelow(entry.Path, folder)
            || entry.Root.Contains(name, StringComparison.Ordinal) || entry.SuperOptions.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>The mount on top at a mount point, or null.</summary>
    public static MountEntry? At(string path) => All().LastOrDefault(entry => entry.Path == path);

    /// <summary>The kernel writes space, tab, newline and backslash as a backslash and three octal digits.</summary>
    internal static string Unescape(string path)
    {
        if (!path.Contains('\\', StringComparison.Ordinal))
        {
            return path;
        }

        var plain = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 3 < path.Length)
            {
                plain.Append((char)Convert.ToInt32(path.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(path[i]);
            }
        }

        return plain.ToString();
    }

    /// <summary>Reads one line: <c>36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</summary>
    internal static MountEntry? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-");
        return separator >= 6 && fields.Length > separator + 1 && int.TryParse(fields[0], CultureInfo.InvariantCulture, out int id)
            ? new MountEntry(id, Unescape(fields[3]), Unescape(fields[4]), fields[5], fields[separator + 1], fields.Length > separator + 3 ? Unescape(fields[separator + 3]) : string.Empty)
            : null;
    }

    /// <summary>Whether a path is in a folder, at any depth.</summary>
    internal static bool IsBelow(string path, string folder) => path.StartsWith(folder + '/', StringComparison.Ordinal);

    private static List<string> Points(Func<MountEntry, bool> wanted)
    {
        List<string> found = All().Where(wanted).Select(static entry => entry.Path).ToList();
        found.Reverse();
        return found;
    }
}
