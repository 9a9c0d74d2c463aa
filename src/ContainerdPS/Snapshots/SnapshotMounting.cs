using ContainerdPS.Mounts;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Mounts snapshots at folders of this machine. A failure leaves neither mount nor snapshot nor folder.</summary>
internal static class SnapshotMounting
{
    public static async Task<ContainerSnapshotMountPoint> RunAsync(NamespaceClient client, SnapshotMountRequest request, CancellationToken cancellationToken)
    {
        SnapshotAddress snapshot = request.Snapshot;
        RequireHere(client, ObjectKinds.Snapshot, snapshot.Key);
        Info info = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        bool readOnly = request.ReadOnly || info.Kind != Kind.Active;
        if (!readOnly && !request.Force)
        {
            await SnapshotUsers.RefuseBusyAsync(
                client,
                snapshot,
                "Use it there, or mount it with -ReadOnly.",
                "Mount it with -ReadOnly, or stop the task first; -Force mounts it all the same.",
                cancellationToken).ConfigureAwait(false);
        }

        return ToModel(client, await MountAsync(client, request with { ReadOnly = readOnly }, info.Kind == Kind.Committed, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Refuses what can only be done on the daemon's own machine, and there on Linux.</summary>
    public static void RequireHere(NamespaceClient client, string kind, string id)
    {
        if (!OperatingSystem.IsLinux() || !client.Session.IsLocal)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Unimplemented,
                $"{(kind == ObjectKinds.Image ? "An image" : "A snapshot")} can be mounted on Linux only, on the machine of its daemon.") { Reason = "MountUnsupported", ObjectKind = kind, ObjectId = id };
        }
    }

    /// <summary>Mounts a snapshot, or one that is made on it for the mount and goes with it.</summary>
    public static async Task<MountRecord> MountAsync(NamespaceClient client, SnapshotMountRequest request, bool onTop, CancellationToken cancellationToken)
    {
        SnapshotAddress snapshot = request.Snapshot;
        MountFolder.Check(request.Path, request.Force);

        (string path, IReadOnlyList<string> made) = MountFolder.Make(request.Path);
        string? view = null;
        IReadOnlyList<string> mounted = [];
        try
        {
            IReadOnlyList<Wire.Types.Mount> mounts;
            if (onTop)
            {
                await TemporarySnapshot.SweepAsync(client, snapshot.Snapshotter, cancellationToken).ConfigureAwait(false);
                view = TemporarySnapshot.NewKey();
                mounts = await TemporarySnapshot.MakeAsync(client, snapshot.Snapshotter, view, snapshot.Key, request.ReadOnly, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                mounts = await client.Snapshots.MountsAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
            }

            mounted = await HostMount.MountAsync(mounts, path, request.Options, request.ReadOnly, cancellationToken).ConfigureAwait(false);
            MountEntry entry = MountTable.At(path) ?? throw new ContainerdException(
                ContainerdErrorCode.Internal, $"The mount at '{path}' is not in this process's list of mounts.") { Reason = "MountFailed" };
            var record = new MountRecord
            {
                Path = path,
                Id = entry.Id,
                Type = entry.Type,
                Root = entry.Root,
                Below = [.. mounted.Where(point => point != path)],
                MountNamespace = MountRecords.MountNamespace,
                Address = client.Session.Address,
                Namespace = client.Namespace,
                Snapshotter = snapshot.Snapshotter,
                Key = snapshot.Key,
                Image = request.Image,
                View = view,
                ReadOnly = request.ReadOnly,
                OwnFolders = made,
                MountedAt = DateTimeOffset.UtcNow,
            };
            MountRecords.Add(record);
            return record;
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

            MountFolder.Remove(made);
            throw;
        }
        finally
        {
            MountFolder.Recorded(made);
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
}
