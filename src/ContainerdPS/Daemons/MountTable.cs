using System.Globalization;
using System.Text;

namespace ContainerdPS.Daemons;

/// <summary>The mount points of this process's mount namespace.</summary>
internal static class MountTable
{
    /// <summary>Mount points below a folder, the latest first: the order they can be unmounted in.</summary>
    public static List<string> Below(string folder)
    {
        var found = new List<string>();
        foreach (var line in File.ReadAllLines("/proc/self/mountinfo"))
        {
            var fields = line.Split(' ', 6);
            if (fields.Length == 6 && Unescape(fields[4]) is var path
                && path.StartsWith(folder + '/', StringComparison.Ordinal))
            {
                found.Add(path);
            }
        }

        found.Reverse();
        return found;
    }

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
}
