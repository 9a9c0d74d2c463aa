using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Commits active snapshots.</summary>
internal static class SnapshotCompletion
{
    /// <summary>Commits one under a name; its key is gone afterwards.</summary>
    /// <param name="client">Where; under a lease of it nothing else has to keep the committed snapshot.</param>
    /// <param name="snapshot">The active snapshot.</param>
    /// <param name="name">The key of the committed one.</param>
    /// <param name="given">Its labels.</param>
    /// <param name="force">Whether one that a container or a mount uses is committed too.</param>
    /// <param name="cancellationToken">Gives up; what the daemon has committed by then stays committed.</param>
    public static async Task<ContainerSnapshot> RunAsync(
        NamespaceClient client, SnapshotAddress snapshot, string name, IReadOnlyDictionary<string, string> given, bool force, CancellationToken cancellationToken)
    {
        Info info = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        if (info.Kind != Kind.Active)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                info.Kind == Kind.Committed
                    ? $"The snapshot '{snapshot.Key}' is committed already."
                    : $"The snapshot '{snapshot.Key}' is a view: nothing can be written to it, so that there is nothing to commit.")
            {
                Reason = "SnapshotNotActive",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = snapshot.Key,
            };
        }

        if (!force)
        {
            await RefuseUsedAsync(client, snapshot, cancellationToken).ConfigureAwait(false);
        }

        await client.Snapshots.CommitAsync(snapshot.Snapshotter, snapshot.Key, name, GcLabel.Kept(given, client.Lease), cancellationToken).ConfigureAwait(false);
        return await SnapshotQuery.ReadOneAsync(client, snapshot with { Key = name }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RefuseUsedAsync(NamespaceClient client, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        string? user = await SnapshotUsers.ContainersAsync(client, snapshot, cancellationToken).ConfigureAwait(false) is [var container, ..]
            ? $"is the root filesystem of the container '{container}', which would lose it"
            : SnapshotUsers.MountPoint(client, snapshot) is { } path ? $"is mounted at '{path}', where it may still be written to" : null;
        if (user is not null)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The snapshot '{snapshot.Key}' {user}. {(user.Contains("mounted", StringComparison.Ordinal) ? "Dismount it first" : "Remove the container first, keeping its snapshot (-KeepSnapshot)")}, or commit it all the same with -Force.")
            {
                Reason = "SnapshotInUse",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = snapshot.Key,
            };
        }
    }
}
