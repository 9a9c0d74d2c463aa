using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Makes active snapshots and views.</summary>
internal static class SnapshotCreation
{
    /// <summary>Makes one, or nothing.</summary>
    /// <param name="client">Where; under a lease of it nothing else has to keep the snapshot.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ContainerSnapshot> RunAsync(NamespaceClient client, SnapshotRequest request, CancellationToken cancellationToken)
    {
        // Said before anything is made: a snapshot of that key would be taken for one of ours when something fails.
        if (await CheckAsync(client, request, cancellationToken).ConfigureAwait(false) is not { } image)
        {
            return await MakeAsync(client, request, request.Parent, cancellationToken).ConfigureAwait(false);
        }

        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                string top = await UnpackAsync(lease.Client, image, request.Snapshot.Snapshotter, cancellationToken).ConfigureAwait(false);
                return await MakeAsync(client, request, top, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }

    /// <summary>Refuses what cannot be made: a key that is taken, what it is to lie on that is not there.</summary>
    /// <param name="client">Where.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The image it is to lie on; null where it is none.</returns>
    public static async Task<Wire.ImagesV1.Image?> CheckAsync(NamespaceClient client, SnapshotRequest request, CancellationToken cancellationToken)
    {
        if (await client.Snapshots.ExistsAsync(request.Snapshot.Snapshotter, request.Snapshot.Key, cancellationToken).ConfigureAwait(false))
        {
            throw new ContainerdException(ContainerdErrorCode.AlreadyExists, "already exists") { ObjectKind = ObjectKinds.Snapshot, ObjectId = request.Snapshot.Key, DaemonMessage = "already exists" };
        }

        await client.RequireLeaseAsync(cancellationToken).ConfigureAwait(false);
        if (request.Image is not null)
        {
            return await ImageLookup.GetAsync(client, request.Image, cancellationToken).ConfigureAwait(false);
        }

        await RequireParentAsync(client, request, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static async Task<ContainerSnapshot> MakeAsync(NamespaceClient client, SnapshotRequest request, string parent, CancellationToken cancellationToken)
    {
        (string snapshotter, string key) = (request.Snapshot.Snapshotter, request.Snapshot.Key);
        IReadOnlyDictionary<string, string> labels = GcLabel.Kept(request.Labels, client.Lease);
        try
        {
            _ = request.View
                ? await client.Snapshots.ViewAsync(snapshotter, key, parent, labels, cancellationToken).ConfigureAwait(false)
                : await client.Snapshots.PrepareAsync(snapshotter, key, parent, labels, cancellationToken).ConfigureAwait(false);
            return await SnapshotQuery.ReadOneAsync(client, request.Snapshot, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            await SnapshotCleanup.TryRemoveAsync(client, snapshotter, key).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task RequireParentAsync(NamespaceClient client, SnapshotRequest request, CancellationToken cancellationToken)
    {
        if (request.Parent.Length == 0)
        {
            return;
        }

        // The daemon says of a missing parent that the snapshot itself is not there.
        Info parent = await client.Snapshots.GetAsync(request.Snapshot.Snapshotter, request.Parent, cancellationToken).ConfigureAwait(false);
        if (parent.Kind != Kind.Committed)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The snapshot '{request.Parent}' is not committed, and nothing can lie on what may still change. Commit it with Complete-ContainerSnapshot first.")
            {
                Reason = "ParentNotCommitted",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = request.Parent,
            };
        }
    }

    private static async Task<string> UnpackAsync(NamespaceClient client, Wire.ImagesV1.Image image, string snapshotter, CancellationToken cancellationToken)
    {
        var reader = new ImageReader(client);
        (_, ImageManifest manifest) = await reader.ManifestAsync(
            image.Name, Mapping.DescriptorMapping.FromWire(image.Target), PlatformMatcher.For(Platforms.Host), cancellationToken).ConfigureAwait(false);
        ImageDocument config = await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false);
        return await new ImageUnpacker(client, snapshotter).UnpackAsync($"'{image.Name}'", manifest, config, cancellationToken).ConfigureAwait(false);
    }
}
