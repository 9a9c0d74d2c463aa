using System.Globalization;

namespace ContainerdPS.Daemons;

/// <summary>What /proc says about the processes of this machine.</summary>
internal static class ProcessTable
{
    /// <summary>The shims of one daemon: their command line names its socket, and no other daemon's shims do.</summary>
    public static List<int> ShimsOf(string address) => All().Where(id => IsShimOf(id, address)).ToList();

    /// <summary>The shim that was started for a container; 0 where there is none of its own, as in a pod, whose shim serves all its containers.</summary>
    public static int ShimOf(string address, string @namespace, string container) =>
        All().FirstOrDefault(id => IsShimOf(id, address, @namespace, container));

    /// <summary>
    /// All that descends from the given processes, which a shim's containers do as long as it lives: it adopts what its
    /// children leave behind.
    /// </summary>
    public static List<int> DescendantsOf(IReadOnlyCollection<int> ancestors)
    {
        if (ancestors.Count == 0)
        {
            return [];
        }

        var children = All().Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(entry => entry.Parent, entry => entry.Id);
        var found = new List<int>();
        var open = new Queue<int>(ancestors);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>False for a zombie too: it has ended, and reaping it is its parent's business.</summary>
    public static bool IsAlive(int id) => StatFields(id) is [var state, ..] && state is not ("Z" or "X");

    /// <summary>Whether one of a process's cgroups has this path.</summary>
    public static bool IsInCgroup(int id, string cgroup) =>
        Read($"/proc/{id}/cgroup").Split('\n').Any(line => line.EndsWith(':' + cgroup, StringComparison.Ordinal));

    /// <summary>What the descriptors of a process point to.</summary>
    public static List<string> OpenTargets(int id)
    {
        var targets = new List<string>();
        try
        {
            foreach (var link in Directory.EnumerateFileSystemEntries($"/proc/{id}/fd"))
            {
                if (new FileInfo(link).LinkTarget is { } target)
                {
                    targets.Add(target);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile.
        }

        return targets;
    }

    /// <summary>The paths of the unix sockets of this machine by inode.</summary>
    public static ILookup<string, string> UnixSockets() =>
        Read("/proc/net/unix").Split('\n')
            .Select(line => line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length == 8)
            .ToLookup(fields => fields[6], fields => fields[7]);

    private static bool IsShimOf(int id, string address, string? @namespace = null, string? container = null)
    {
        var arguments = Read($"/proc/{id}/cmdline").Split('\0');
        return Has("-address", address) && Has("-namespace", @namespace) && Has("-id", container);

        bool Has(string name, string? value)
        {
            var at = Array.IndexOf(arguments, name);
            return at >= 0 && at + 1 < arguments.Length && (value is null || arguments[at + 1] == value);
        }
    }

    private static IEnumerable<int> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                yield return id;
            }
        }
    }

    /// <summary>The parent of a process; 0 when it has ended.</summary>
    public static int ParentOf(int id) =>
        StatFields(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    // The name in parentheses may hold anything, even parentheses: the fields begin after the last one.
    private static string[] StatFields(int id)
    {
        var stat = Read($"/proc/{id}/stat");
        return stat.Length == 0 ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
