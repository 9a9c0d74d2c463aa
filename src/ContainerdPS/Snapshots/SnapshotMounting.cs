using ContainerdPS.Mounts;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Mounts snapshots at folders of this machine. A failure leaves neither mount nor view nor folder.</summary>
internal static class SnapshotMounting
{
    public static async Task<ContainerSnapshotMountPoint> RunAsync(NamespaceClient client, SnapshotMountRequest request, CancellationToken cancellationToken)
    {
        SnapshotAddress snapshot = request.Snapshot;
        if (!OperatingSystem.IsLinux() || !client.Session.IsLocal)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unimplemented, "A snapshot can be mounted on Linux only, on the machine of its daemon.") { Reason = "MountUnsupported", ObjectKind = ObjectKinds.Snapshot, ObjectId = snapshot.Key };
        }

        Info info = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        bool readOnly = request.ReadOnly || info.Kind != Kind.Active;
        if (!readOnly && !request.Force)
        {
            await RefuseBusyAsync(client, snapshot, cancellationToken).ConfigureAwait(false);
        }

        (string path, bool made) = Folder(request);
        string? view = null;
        IReadOnlyList<string> mounted = [];
        try
        {
            IReadOnlyList<Wire.Types.Mount> mounts;
            if (info.Kind == Kind.Committed)
            {
                await TemporaryView.SweepAsync(client, snapshot.Snapshotter, cancellationToken).ConfigureAwait(false);
                view = TemporaryView.NewKey();
                mounts = await TemporaryView.MakeAsync(client, snapshot.Snapshotter, view, snapshot.Key, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                mounts = await client.Snapshots.MountsAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
            }

            mounted = await HostMount.MountAsync(mounts, path, request.Options, readOnly, cancellationToken).ConfigureAwait(false);
            MountEntry entry = MountTable.At(path) ?? throw new ContainerdException(
                ContainerdErrorCode.Internal, $"The mount at '{path}' is not in this process's list of mounts.") { Reason = "MountFailed" };
            var record = new MountRecord
            {
                Path = path,
                Id = entry.Id,
                Below = [.. mounted.Where(point => point != path)],
                MountNamespace = MountRecords.MountNamespace,
                Address = client.Session.Address,
                Namespace = client.Namespace,
                Snapshotter = snapshot.Snapshotter,
                Key = snapshot.Key,
                View = view,
                ReadOnly = readOnly,
                OwnFolder = made,
                MountedAt = DateTimeOffset.UtcNow,
            };
            MountRecords.Add(record);
            return ToModel(client, record);
        }
        catch
        {
            foreach (string point in mounted.Reverse())
            {
                Native.MountCalls.Unmount(point);
            }

            if (view is not null)
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshot.Snapshotter, view).ConfigureAwait(false);
            }

            if (made)
            {
                SnapshotDismounting.RemoveFolder(path);
            }

            throw;
        }
    }

    public static ContainerSnapshotMountPoint ToModel(NamespaceClient client, MountRecord record) =>
        new(client.Session, client.Namespace, record.Snapshotter, record.Key)
        {
            Path = record.Path,
            ReadOnly = record.ReadOnly,
            View = record.View,
            MountedAt = record.MountedAt.ToLocalTime(),
        };

    /// <summary>Two that write to one tree, each behind the other's back, damage it.</summary>
    private static async Task RefuseBusyAsync(NamespaceClient client, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        if (SnapshotUsers.MountPoint(client, snapshot) is { } other)
        {
            throw Busy(snapshot, $"is mounted at '{other}' already. Use it there, or mount it with -ReadOnly.");
        }

        if (await SnapshotUsers.RunningAsync(client, snapshot, cancellationToken).ConfigureAwait(false) is { } container)
        {
            throw Busy(snapshot, $"is the root filesystem of the container '{container}', which has a task. Mount it with -ReadOnly, or stop the task first; -Force mounts it all the same.");
        }
    }

    private static ContainerdException Busy(SnapshotAddress snapshot, string why) =>
        new(ContainerdErrorCode.FailedPrecondition, $"The snapshot '{snapshot.Key}' {why}") { Reason = "SnapshotInUse", ObjectKind = ObjectKinds.Snapshot, ObjectId = snapshot.Key };

    /// <summary>The mount point as the kernel will call it: without links in it.</summary>
    private static (string Path, bool Made) Folder(SnapshotMountRequest request)
    {
        if (request.Path is null)
        {
            return (Directory.CreateTempSubdirectory("containerdps-mount-").FullName, true);
        }

        if (!Directory.Exists(request.Path))
        {
            if (File.Exists(request.Path))
            {
                throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{request.Path}' is a file, and a snapshot is mounted at a folder.") { Reason = "FolderExpected" };
            }

            Directory.CreateDirectory(request.Path);
            return (Native.PathCalls.Resolve(request.Path) ?? request.Path, true);
        }

        if (!request.Force && Directory.EnumerateFileSystemEntries(request.Path).Any())
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The folder '{request.Path}' is not empty, and a mount would hide what it holds. Choose another, or mount over it with -Force.") { Reason = "MountPointNotEmpty" };
        }

        return (Native.PathCalls.Resolve(request.Path) ?? request.Path, false);
    }
}
