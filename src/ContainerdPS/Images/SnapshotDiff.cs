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
        var views = new SnapshotViews(client, snapshotter);
        await using (views.ConfigureAwait(false))
        {
            Info snapshot = await views.InfoAsync(key, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Mount> left = await views.ViewAsync(snapshot.Parent, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Mount> right = await views.MountsAsync(snapshot, cancellationToken).ConfigureAwait(false);
            return await WriteAsync(client, left, right, mediaType, reference, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what one tree has changed against another.</summary>
    public static async Task<OciDescriptor> WriteAsync(
        NamespaceClient client, IReadOnlyList<Mount> left, IReadOnlyList<Mount> right, string mediaType, string reference, CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            OciDescriptor layer = await client.Diff.DiffAsync(left, right, mediaType, reference, cancellationToken).ConfigureAwait(false);
            written = true;
            return layer;
        }
        finally
        {
            if (!written)
            {
                await AbortAsync(client, reference).ConfigureAwait(false);
            }
        }
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
