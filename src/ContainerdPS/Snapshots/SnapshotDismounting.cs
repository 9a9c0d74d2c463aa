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
        RequireOnTop(record);
        foreach (string point in record.Below.Reverse().Append(record.Path))
        {
            int error = MountCalls.Unmount(point, force);
            if (error == Errno.EBUSY)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.Aborted,
                    $"The mount at '{point}' is in use{Users(point)}. End that, or detach the mount with -Force: it leaves the tree at once and ends with its last use.") { Reason = "MountBusy" };
            }

            // No mount point any more: somebody else was quicker, unless the mount itself is still there.
            if (error is not (0 or Errno.EINVAL or Errno.ENOENT))
            {
                throw new ContainerdException(
                    Errno.ToCode(error), $"The mount at '{point}' cannot be ended: {Errno.Describe(error)}.{(error == Errno.EPERM ? " That needs root." : string.Empty)}") { Reason = "DismountFailed" };
            }
        }

        if (MountTable.All().Exists(record.IsOf))
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The {record.Describe()} is still mounted, and its path '{record.Path}' does not lead to it any more: something was mounted over it, or it was moved. Take that away first.") { Reason = "MountCovered" };
        }

        MountRecords.Remove(record);
        MountFolder.Remove(record.OwnFolders);
        if (record.View is not null)
        {
            await RemoveViewAsync(client, record).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Refuses what a path does not lead to: a mount that another lies over, whose end would be that of the other; and one that
    /// another of ours is mounted in, which would end with it.
    /// </summary>
    private static void RequireOnTop(MountRecord record)
    {
        List<MountEntry> mounts = MountTable.All();
        int own = mounts.FindIndex(record.IsOf);
        if (own < 0)
        {
            return;
        }

        List<MountEntry> later = mounts[(own + 1)..];
        if (later.FindLast(mount => mount.Path == record.Path || MountTable.IsBelow(record.Path, mount.Path)) is { } over)
        {
            throw Refused(record, ContainerdErrorCode.FailedPrecondition, "MountCovered", $"at '{over.Path}' {MountRecords.Describe(over)} is mounted over it.");
        }

        if (later.FindLast(mount => MountTable.IsBelow(mount.Path, record.Path) && MountRecords.Of(mount) is not null) is { } inner)
        {
            throw Refused(record, ContainerdErrorCode.Aborted, "MountBusy", $"at '{inner.Path}' {MountRecords.Describe(inner)} is mounted in it.");
        }
    }

    private static ContainerdException Refused(MountRecord record, ContainerdErrorCode code, string reason, string why) =>
        new(code, $"The {record.Describe()} at '{record.Path}' is not dismounted: {why} Dismount that first.") { Reason = reason };

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
