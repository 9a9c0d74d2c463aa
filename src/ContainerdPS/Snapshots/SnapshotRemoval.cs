using ContainerdPS.References;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Removes snapshots that nobody needs, and on request what lies on them.</summary>
internal sealed class SnapshotRemoval(NamespaceClient client, RemovalGuard guard)
{
    private readonly HashSet<SnapshotAddress> removed = [];

    /// <summary>Removes one.</summary>
    /// <param name="snapshot">Which.</param>
    /// <param name="recurse">Whether what lies on it goes too.</param>
    /// <param name="force">Whether it goes although an image, a container without a task or a lease needs it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(SnapshotAddress snapshot, bool recurse, bool force, CancellationToken cancellationToken)
    {
        foreach (SnapshotAddress one in await PlanAsync(snapshot, recurse, force, cancellationToken).ConfigureAwait(false))
        {
            await RemoveAsync(one, cancellationToken).ConfigureAwait(false);
            Forget(one);
        }
    }

    /// <summary>Does as if it had, and refuses what it would refuse: what it would have removed counts no longer.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task SupposeAsync(SnapshotAddress snapshot, bool recurse, bool force, CancellationToken cancellationToken)
    {
        foreach (SnapshotAddress one in await PlanAsync(snapshot, recurse, force, cancellationToken).ConfigureAwait(false))
        {
            Forget(one);
        }
    }

    /// <summary>What goes, in the order in which it does; all of it may.</summary>
    private async Task<IReadOnlyList<SnapshotAddress>> PlanAsync(SnapshotAddress snapshot, bool recurse, bool force, CancellationToken cancellationToken)
    {
        // Piped with the snapshot it lay on, it went with that one.
        if (removed.Contains(snapshot))
        {
            return [];
        }

        Wire.SnapshotsV1.Info info = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        var tree = new SnapshotTree(await client.Snapshots.ListAsync(snapshot.Snapshotter, [], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false));
        IReadOnlyList<SnapshotAddress> all = [.. tree.Down(info).Select(entry => snapshot with { Key = entry.Info.Name }).Where(one => !removed.Contains(one)).Reverse()];
        if (!recurse && all.Count > 1)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"On the snapshot '{snapshot.Key}' lie others, such as '{all[^2].Key}'{await OwnersAsync(snapshot, cancellationToken).ConfigureAwait(false)}. Remove those first, or all together with -Recurse.")
            {
                Reason = "SnapshotHasChildren",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = snapshot.Key,
            };
        }

        // All are looked at before the first goes: half a tree is of no use to anybody.
        foreach (SnapshotAddress one in all)
        {
            await RefuseUsedAsync(one, force, cancellationToken).ConfigureAwait(false);
        }

        return all;
    }

    private void Forget(SnapshotAddress snapshot)
    {
        removed.Add(snapshot);
        guard.Forget(ReferenceGraph.Snapshot(snapshot.Snapshotter, snapshot.Key));
    }

    /// <summary>
    /// Removes a snapshot on which none lies. The daemon goes on counting a snapshot that its garbage collection took, and
    /// refuses to remove what that one lay on; but the collection itself takes it.
    /// </summary>
    private async Task RemoveAsync(SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await client.Snapshots.RemoveAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e is { Code: ContainerdErrorCode.FailedPrecondition, DaemonMessage: { } words } && words.Contains("child", StringComparison.Ordinal))
        {
            await client.Snapshots.SetLabelsAsync(snapshot.Snapshotter, snapshot.Key, new Dictionary<string, string> { [GcLabel.Root] = string.Empty }, cancellationToken).ConfigureAwait(false);
            await LeaseScope.CollectAsync(client, cancellationToken).ConfigureAwait(false);
            if (await client.Snapshots.ExistsAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false))
            {
                throw new ContainerdException(
                    ContainerdErrorCode.FailedPrecondition,
                    $"The daemon still counts a snapshot that it has collected as lying on '{snapshot.Key}', and does not remove that while something refers to it. It goes with what does, such as its image.",
                    e)
                {
                    Reason = "SnapshotHasChildren",
                    ObjectKind = ObjectKinds.Snapshot,
                    ObjectId = snapshot.Key,
                };
            }
        }
    }

    private async Task<string> OwnersAsync(SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        string owners = await guard.OwnersAsync(ReferenceGraph.Snapshot(snapshot.Snapshotter, snapshot.Key), cancellationToken).ConfigureAwait(false);
        return owners.Length == 0 ? string.Empty : $", for {owners}";
    }

    private async Task RefuseUsedAsync(SnapshotAddress snapshot, bool force, CancellationToken cancellationToken)
    {
        if (SnapshotUsers.MountPoint(client, snapshot, all: true) is { } path)
        {
            throw InUse(snapshot, $"is mounted at '{path}'. Dismount it first with Dismount-ContainerSnapshot.");
        }

        if (force)
        {
            if (await SnapshotUsers.RunningAsync(client, snapshot, cancellationToken).ConfigureAwait(false) is { } running)
            {
                throw InUse(snapshot, $"is the root filesystem of the container '{running}', which has a task. Stop and remove that first.");
            }

            return;
        }

        var kept = ReferenceGraph.Snapshot(snapshot.Snapshotter, snapshot.Key);
        IReadOnlyCollection<Keeper> direct = [.. (await guard.UsersOfAsync(kept, cancellationToken).ConfigureAwait(false)).Where(static user => user.Kind != ObjectKinds.Snapshot)];
        if (direct.Count > 0)
        {
            string owners = await guard.OwnersThroughAsync(direct, cancellationToken).ConfigureAwait(false);
            throw InUse(snapshot, $"is in use by {owners}. Remove what needs it first (Remove-Container and Remove-ContainerImage take their snapshots along), or remove the snapshot all the same with -Force.");
        }
    }

    private static ContainerdException InUse(SnapshotAddress snapshot, string why) =>
        new(ContainerdErrorCode.FailedPrecondition, $"The snapshot '{snapshot.Key}' {why}") { Reason = "SnapshotInUse", ObjectKind = ObjectKinds.Snapshot, ObjectId = snapshot.Key };
}
