using ContainerdPS.Mounts;
using ContainerdPS.Native;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Ends mounts of ours, and takes away what was made for them.</summary>
internal static class SnapshotDismounting
{
    private static readonly TimeSpan RemoveLimit = TimeSpan.FromSeconds(30);

    /// <summary>What a process keeps busy besides its open files.</summary>
    private static readonly string[] Links = ["cwd", "root", "exe"];

    /// <summary>Ends one mount. Busy ones stay, unless forced: then they leave the tree now, and end with their last use.</summary>
    /// <param name="client">The daemon and namespace of the snapshot.</param>
    /// <param name="record">The mount.</param>
    /// <param name="force">Whether a busy one is detached.</param>
    public static async Task RunAsync(NamespaceClient client, MountRecord record, bool force)
    {
        foreach (string point in record.Below.Reverse().Append(record.Path))
        {
            int error = MountCalls.Unmount(point, force);
            if (error == Errno.EBUSY)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.Aborted,
                    $"The mount at '{point}' is in use{Users(point)}. End that, or detach the mount with -Force: it leaves the tree at once and ends with its last use.") { Reason = "MountBusy" };
            }

            // Not mounted any more: somebody else was quicker.
            if (error is not (0 or Errno.EINVAL or Errno.ENOENT))
            {
                throw new ContainerdException(
                    Errno.ToCode(error), $"The mount at '{point}' cannot be ended: {Errno.Describe(error)}.{(error == Errno.EPERM ? " That needs root." : string.Empty)}") { Reason = "DismountFailed" };
            }
        }

        MountRecords.Remove(record);
        if (record.OwnFolder)
        {
            RemoveFolder(record.Path);
        }

        if (record.View is not null)
        {
            await RemoveViewAsync(client, record).ConfigureAwait(false);
        }
    }

    /// <summary>Removes a folder that was made for a mount, if nothing has been put into it.</summary>
    public static void RemoveFolder(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not empty, or gone: it is somebody's.
        }
    }

    private static async Task RemoveViewAsync(NamespaceClient client, MountRecord record)
    {
        using var limit = new CancellationTokenSource(RemoveLimit);
        try
        {
            await client.Snapshots.RemoveAsync(record.Snapshotter, record.View!, limit.Token).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // Somebody else has removed it.
        }
        catch (ContainerdException e)
        {
            throw new ContainerdException(
                e.Code,
                $"'{record.Path}' is dismounted, but the view '{record.View}' that was made for it stays: {e.Message} Remove it with Remove-ContainerSnapshot when the daemon can be reached.",
                e) { Reason = "ViewNotRemoved", ObjectKind = ObjectKinds.Snapshot, ObjectId = record.View };
        }
    }

    /// <summary>The processes that keep a mount busy, as far as they can be seen: by their folder, root or open files.</summary>
    private static string Users(string path)
    {
        const int MostNamed = 5;
        var found = new List<string>();
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            if (Uses(process, path))
            {
                found.Add($"{Path.GetFileName(process)} ({Name(process)})");
            }
        }

        return found.Count == 0 ? string.Empty
            : $" by the process{(found.Count > 1 ? "es" : string.Empty)} {string.Join(", ", found.Take(MostNamed))}{(found.Count > MostNamed ? $" and {found.Count - MostNamed} more" : string.Empty)}";
    }

    private static bool Uses(string process, string path)
    {
        try
        {
            IEnumerable<string> links = Links.Select(name => Path.Join(process, name)).Concat(Directory.EnumerateFileSystemEntries(Path.Join(process, "fd")));
            return links.Any(link => new FileInfo(link).LinkTarget is { } target && (target == path || target.StartsWith(path + '/', StringComparison.Ordinal)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "ended";
        }
    }
}
