using ContainerdPS.Native;

namespace ContainerdPS.Daemons;

/// <summary>
/// Folders that daemons of one machine share, in /run/containerd and in the cgroup tree. What was there before a daemon
/// started is left there; what came with it is removed once it is empty.
/// </summary>
internal sealed class SharedFolders
{
    private const string RunRoot = "/run/containerd";
    private const string CgroupRoot = "/sys/fs/cgroup";

    private readonly HashSet<string> _before;

    private SharedFolders(HashSet<string> before) => _before = before;

    /// <summary>Notes what is there now, in a file that a watchdog can read too.</summary>
    public static SharedFolders Note(DaemonFolder folder)
    {
        var before = new HashSet<string>(Present());

        // What another private daemon brought goes with the last of them, not never.
        foreach (var sibling in Directory.EnumerateDirectories(
            Path.GetDirectoryName(folder.BasePath)!, DaemonFolder.Prefix + "*"))
        {
            try
            {
                before.IntersectWith(File.ReadAllLines(Path.Combine(sibling, Path.GetFileName(folder.Baseline))));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Just starting, just gone, or not a daemon's.
            }
        }

        File.WriteAllLines(folder.Baseline, before);
        return new SharedFolders(before);
    }

    /// <summary>Removes the runtime's, the shims' and the fifos' folders where they are new and empty.</summary>
    public void RemoveEmptyRunFolders(IEnumerable<string> further)
    {
        foreach (var path in further.Append($"{RunRoot}/runc").Append($"{RunRoot}/s").Append($"{RunRoot}/fifo").Append(RunRoot))
        {
            if (path.StartsWith(RunRoot, StringComparison.Ordinal) && !_before.Contains(path))
            {
                _ = PathCalls.RemoveDirectory(path);
            }
        }
    }

    /// <summary>Removes a container's cgroup from every hierarchy, and its parents where they are new and empty.</summary>
    /// <returns>False while one of them is still in use.</returns>
    public bool RemoveCgroup(string cgroup)
    {
        var gone = true;
        foreach (var hierarchy in Hierarchies())
        {
            var path = hierarchy + cgroup;
            if (Directory.Exists(path) && !_before.Contains(path))
            {
                foreach (var inner in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Reverse())
                {
                    _ = PathCalls.RemoveDirectory(inner);
                }

                gone &= PathCalls.RemoveDirectory(path);
            }

            var top = hierarchy + '/' + cgroup.Split('/', 3)[1];
            if (!_before.Contains(top))
            {
                for (var parent = Path.GetDirectoryName(path)!;
                    parent.Length >= top.Length && (PathCalls.RemoveDirectory(parent) || !Directory.Exists(parent));
                    parent = Path.GetDirectoryName(parent)!)
                {
                }
            }
        }

        return gone;
    }

    /// <summary>Removes the cgroup containers of a namespace were made in, where it is new and empty.</summary>
    public void RemoveEmptyNamespaceCgroup(string @namespace)
    {
        foreach (var path in Hierarchies().Select(hierarchy => $"{hierarchy}/{@namespace}"))
        {
            if (!_before.Contains(path))
            {
                _ = PathCalls.RemoveDirectory(path);
            }
        }
    }

    private static IEnumerable<string> Present()
    {
        string[] run = [RunRoot, $"{RunRoot}/s", $"{RunRoot}/fifo", $"{RunRoot}/runc"];
        return run.Where(Directory.Exists)
            .Concat(Directory.Exists(run[3]) ? Directory.EnumerateDirectories(run[3]) : [])
            .Concat(Hierarchies().SelectMany(Directory.EnumerateDirectories));
    }

    // Version 2 is one tree; version 1 has one for each controller, with links for those that share a tree.
    private static IEnumerable<string> Hierarchies()
    {
        if (File.Exists($"{CgroupRoot}/cgroup.controllers"))
        {
            return [CgroupRoot];
        }

        return Directory.Exists(CgroupRoot)
            ? new DirectoryInfo(CgroupRoot).EnumerateDirectories().Where(entry => entry.LinkTarget is null)
                .Select(entry => entry.FullName)
            : [];
    }
}
