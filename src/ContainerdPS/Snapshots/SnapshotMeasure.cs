using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Asks how much of the disk snapshots take.</summary>
internal static class SnapshotMeasure
{
    public static async Task<ContainerSnapshotUsage> RunAsync(NamespaceClient client, SnapshotAddress snapshot, bool withParents, CancellationToken cancellationToken)
    {
        UsageResponse own = await client.Snapshots.UsageAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        (long size, long inodes) = (own.Size, own.Inodes);
        if (withParents)
        {
            Info current = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
            while (current.Parent.Length > 0)
            {
                UsageResponse parent = await client.Snapshots.UsageAsync(snapshot.Snapshotter, current.Parent, cancellationToken).ConfigureAwait(false);
                (size, inodes) = (size + parent.Size, inodes + parent.Inodes);
                current = await client.Snapshots.GetAsync(snapshot.Snapshotter, current.Parent, cancellationToken).ConfigureAwait(false);
            }
        }

        return new ContainerSnapshotUsage(client.Session, client.Namespace, snapshot.Snapshotter, snapshot.Key)
        {
            Size = own.Size,
            Inodes = own.Inodes,
            TotalSize = withParents ? size : null,
            TotalInodes = withParents ? inodes : null,
        };
    }
}
