using ContainerdPS.Contents;
using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Snapshots;

/// <summary>Unpacks layers onto active snapshots, one after the other.</summary>
internal static class SnapshotExpansion
{
    /// <summary>Unpacks the layers. What is known before is said before; a layer that fails while it is unpacked may leave a part of it.</summary>
    /// <param name="client">Where.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="layers">The blobs of the layers, lowest first.</param>
    /// <param name="force">Whether one that a task or a mount writes to is written to.</param>
    /// <param name="cancellationToken">Gives up between two layers; the one being unpacked is let end.</param>
    public static async Task RunAsync(NamespaceClient client, SnapshotAddress snapshot, IReadOnlyList<ContainerdContentReference> layers, bool force, CancellationToken cancellationToken)
    {
        Info info = await client.Snapshots.GetAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false);
        if (info.Kind != Kind.Active)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The snapshot '{snapshot.Key}' is {(info.Kind == Kind.View ? "a view" : "committed")} and cannot be written to. Make an active one on it: New-ContainerSnapshot NAME {snapshot.Key}.")
            {
                Reason = "SnapshotNotActive",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = snapshot.Key,
            };
        }

        if (!force)
        {
            await SnapshotUsers.RefuseBusyAsync(
                client, snapshot, "Dismount it first.", "Stop the task first; -Force writes to it all the same.", cancellationToken).ConfigureAwait(false);
        }

        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            var found = new List<OciDescriptor>();
            foreach (ContainerdContentReference layer in layers)
            {
                found.Add(await DescriptorAsync(lease.Client, layer, cancellationToken).ConfigureAwait(false));
            }

            IReadOnlyList<Mount> mounts = Merged(await client.Snapshots.MountsAsync(snapshot.Snapshotter, snapshot.Key, cancellationToken).ConfigureAwait(false));
            foreach (OciDescriptor layer in found)
            {
                await ApplyAsync(lease.Client, snapshot, layer, mounts, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task ApplyAsync(NamespaceClient client, SnapshotAddress snapshot, OciDescriptor layer, IReadOnlyList<Mount> mounts, CancellationToken cancellationToken)
    {
        try
        {
            await Shielded.RunAsync(token => client.Diff.ApplyAsync(layer, mounts, token), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (LayerFailures.IsOne(e))
        {
            throw LayerFailures.Explain(layer, string.Empty, $" The snapshot '{snapshot.Key}' may hold a part of it.", e);
        }
    }

    /// <summary>The blob of a layer, kept from the collection while it is read.</summary>
    private static async Task<OciDescriptor> DescriptorAsync(NamespaceClient client, ContainerdContentReference layer, CancellationToken cancellationToken)
    {
        string digest = await ContentLookup.ResolveAsync(client, layer.Digest, cancellationToken).ConfigureAwait(false);
        Wire.ContentV1.Info blob = await client.Content.GetAsync(digest, cancellationToken).ConfigureAwait(false);
        await client.Leases.AddContentAsync(client.Lease!, digest, cancellationToken).ConfigureAwait(false);
        if (layer.MediaType is { } type && !MediaTypes.IsLayer(type))
        {
            throw MediaTypes.IsEncryptedLayer(type)
                ? LayerFailures.Encrypted(digest, type, string.Empty, string.Empty, null)
                : LayerContent.NoLayer(digest, type, string.Empty, why: null);
        }

        await LayerContent.RequireAsync(client, digest, layer.MediaType, string.Empty, cancellationToken).ConfigureAwait(false);

        // By this name the daemon looks at the bytes to tell how they are compressed.
        return new OciDescriptor { MediaType = MediaTypes.DockerLayer, Digest = digest, Size = blob.Size };
    }

    /// <summary>
    /// The daemon writes straight into the upper folder of a single overlay, where a layer that deletes what an earlier one
    /// brought fails. Over another mount it is mounted instead, and the layer goes onto the merged tree.
    /// </summary>
    private static IReadOnlyList<Mount> Merged(IReadOnlyList<Mount> mounts) => mounts is [{ Type: "overlay" }]
        ? [new Mount { Type = "tmpfs", Source = "tmpfs", Options = { "ro" } }, .. mounts]
        : mounts;
}
