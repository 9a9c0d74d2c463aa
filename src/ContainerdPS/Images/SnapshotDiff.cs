using System.Security.Cryptography;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Images;

/// <summary>Writes what a snapshot has changed against its parent as a layer into the content store.</summary>
internal static class SnapshotDiff
{
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    /// <summary>Writes the layer. Call it under a lease: nothing refers to the layer yet. Failing, it leaves nothing.</summary>
    /// <param name="client">The services, under the lease.</param>
    /// <param name="snapshotter">The snapshotter.</param>
    /// <param name="key">The snapshot: a container's, a view or a committed one.</param>
    /// <param name="mediaType">The media type of the layer; the daemon compresses it accordingly.</param>
    /// <param name="reference">The name of the write while it goes on; <c>Content.FindIngestAsync</c> tells how far it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OciDescriptor> WriteAsync(
        NamespaceClient client, string snapshotter, string key, string mediaType, string reference, CancellationToken cancellationToken)
    {
        Info snapshot = await client.Snapshots.FindAsync(snapshotter, key, cancellationToken).ConfigureAwait(false) ?? throw new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"There is no snapshot '{key}' in the snapshotter '{snapshotter}' of namespace '{client.Namespace}' on '{client.Session.Address}'.")
        {
            Reason = "SnapshotNotFound",
            ObjectKind = ObjectKinds.Snapshot,
            ObjectId = key,
        };
        var views = new List<string>();
        bool written = false;
        try
        {
            IReadOnlyList<Mount> left = await ViewAsync(client, snapshotter, snapshot.Parent, views, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Mount> right = snapshot.Kind == Kind.Committed
                ? await ViewAsync(client, snapshotter, key, views, cancellationToken).ConfigureAwait(false)
                : await client.Snapshots.MountsAsync(snapshotter, key, cancellationToken).ConfigureAwait(false);
            OciDescriptor layer = await client.Diff.DiffAsync(left, right, mediaType, reference, cancellationToken).ConfigureAwait(false);
            written = true;
            return layer;
        }
        finally
        {
            foreach (string view in views)
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshotter, view).ConfigureAwait(false);
            }

            if (!written)
            {
                await AbortAsync(client, reference).ConfigureAwait(false);
            }
        }
    }

    private static Task<IReadOnlyList<Mount>> ViewAsync(
        NamespaceClient client, string snapshotter, string parent, List<string> views, CancellationToken cancellationToken)
    {
        // Noted before it is made: one whose answer is lost has to go as well.
        string view = $"containerdps-view-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";
        views.Add(view);
        return client.Snapshots.ViewAsync(snapshotter, view, parent, cancellationToken);
    }

    /// <summary>The daemon keeps a write with a name of the caller's open when it fails.</summary>
    private static async Task AbortAsync(NamespaceClient client, string reference)
    {
        using var limit = new CancellationTokenSource(AbortLimit);
        try
        {
            await client.Content.AbortAsync(reference, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Not found is the usual case; anything else is collected with the lease.
        }
    }
}
