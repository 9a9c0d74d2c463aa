using System.Security.Cryptography;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Images;

/// <summary>Gives the daemon's diff service trees to read, and takes back the views that were made for it.</summary>
internal sealed class SnapshotViews(NamespaceClient client, string snapshotter) : IAsyncDisposable
{
    private readonly List<string> views = [];

    /// <summary>What a snapshot is; an error where there is none.</summary>
    public async Task<Info> InfoAsync(string key, CancellationToken cancellationToken) =>
        await client.Snapshots.FindAsync(snapshotter, key, cancellationToken).ConfigureAwait(false) ?? throw new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"There is no snapshot '{key}' in the snapshotter '{snapshotter}' of namespace '{client.Namespace}' on '{client.Session.Address}'.")
        {
            Reason = "SnapshotNotFound",
            ObjectKind = ObjectKinds.Snapshot,
            ObjectId = key,
        };

    /// <summary>The mounts of a snapshot of any kind.</summary>
    public async Task<IReadOnlyList<Mount>> MountsAsync(Info snapshot, CancellationToken cancellationToken) => snapshot.Kind == Kind.Committed
        ? await ViewAsync(snapshot.Name, cancellationToken).ConfigureAwait(false)
        : await client.Snapshots.MountsAsync(snapshotter, snapshot.Name, cancellationToken).ConfigureAwait(false);

    /// <summary>The mounts of the snapshot of a key; of an empty key, of an empty tree.</summary>
    public async Task<IReadOnlyList<Mount>> MountsAsync(string key, CancellationToken cancellationToken) => key.Length == 0
        ? await ViewAsync(key, cancellationToken).ConfigureAwait(false)
        : await MountsAsync(await InfoAsync(key, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>The mounts of a view of a committed snapshot; of no parent, of an empty tree.</summary>
    public Task<IReadOnlyList<Mount>> ViewAsync(string parent, CancellationToken cancellationToken)
    {
        // Noted before it is made: one whose answer is lost has to go as well.
        string view = $"containerdps-view-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";
        views.Add(view);
        return client.Snapshots.ViewAsync(snapshotter, view, parent, cancellationToken);
    }

    /// <summary>Removes the views.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string view in views)
        {
            await SnapshotCleanup.TryRemoveAsync(client, snapshotter, view).ConfigureAwait(false);
        }

        views.Clear();
    }
}
