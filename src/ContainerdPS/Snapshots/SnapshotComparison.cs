using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Tells by which files a snapshot differs from another, or from its parent.</summary>
internal static class SnapshotComparison
{
    public static async Task<IReadOnlyList<ContainerSnapshotFileChange>> RunAsync(
        NamespaceClient client, SnapshotAddress? reference, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        string? against = reference?.Key;
        if (reference is { } other)
        {
            // Said of the right one of the two, before anything is made.
            await client.Snapshots.GetAsync(other.Snapshotter, other.Key, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            string parent = (await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false)).Parent;
            against = parent.Length > 0 ? parent : null;
        }

        IReadOnlyList<TreeChange> changes = await TreeComparison.RunAsync(client, reference, snapshot, cancellationToken).ConfigureAwait(false);
        return [.. changes.Select(change => change.Into(new ContainerSnapshotFileChange(client.Session, client.Namespace, snapshot.Snapshotter, snapshot.Key, against)))];
    }
}
