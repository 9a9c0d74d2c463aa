using System.Security.Cryptography;
using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Images;

/// <summary>Unpacks the layers of an image into snapshots, each once, and ties them to the image for the garbage collection.</summary>
internal sealed class ImageUnpacker(NamespaceClient client, string snapshotter)
{
    /// <summary>What a snapshot is to become, by its chain id: snapshotters that fetch layers by themselves go by it.</summary>
    private const string TargetLabel = "containerd.io/snapshot.ref";

    /// <summary>A layer that somebody else unpacked may be collected before it is under the lease.</summary>
    private const int MostAttempts = 3;

    /// <summary>Ends when a layer is in the content store; null when all are.</summary>
    public Func<OciDescriptor, Task>? Arrival { get; init; }

    /// <summary>Told when a layer is begun, and when it is done.</summary>
    public Action<OciDescriptor, bool>? Report { get; init; }

    /// <summary>Unpacks what is not unpacked yet. Call it under a lease.</summary>
    /// <param name="image">The image as errors call it, in quotes.</param>
    /// <param name="manifest">Its manifest for the platform wanted.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The chain id of the top layer: the parent of a container's snapshot; empty for an image without layers.</returns>
    public async Task<string> UnpackAsync(string image, ImageManifest manifest, ImageDocument config, CancellationToken cancellationToken)
    {
        IReadOnlyList<OciDescriptor> layers = manifest.Layers ?? [];
        IReadOnlyList<string> diffIds = config.RootFs?.DiffIds ?? [];
        if (layers.Count != diffIds.Count)
        {
            throw new ContainerdException(
                ContainerdErrorCode.DataLoss,
                $"The image {image} is broken: its manifest has {layers.Count} layers and its configuration {diffIds.Count}.") { Reason = "InvalidImage" };
        }

        IReadOnlyList<string> chain = ChainId.All(diffIds);
        string parent = string.Empty;
        for (int i = 0; i < layers.Count; i++)
        {
            await (Arrival?.Invoke(layers[i]) ?? Task.CompletedTask).ConfigureAwait(false);
            Report?.Invoke(layers[i], false);
            await UnpackAsync(image, layers[i], diffIds[i], chain[i], parent, cancellationToken).ConfigureAwait(false);
            Report?.Invoke(layers[i], true);
            parent = chain[i];
        }

        if (parent.Length > 0)
        {
            await client.Content.SetLabelsAsync(manifest.Config!.Digest, GcLabels.ForUnpackedConfig(snapshotter, parent), cancellationToken).ConfigureAwait(false);
        }

        return parent;
    }

    /// <summary>One layer, unless it is there, and what ties it to the image.</summary>
    private async Task UnpackAsync(string image, OciDescriptor layer, string diffId, string chainId, string parent, CancellationToken cancellationToken)
    {
        try
        {
            await Interruption.NamedAsync($"The layer {layer.Digest} of the image {image} cannot be unpacked", layer.Digest, UnpackAsync).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (MissingContent.IsOne(e))
        {
            throw MissingContent.Explain(image, e);
        }

        async Task UnpackAsync()
        {
            for (int attempt = 1; attempt <= MostAttempts && !await IsThereAsync(chainId, cancellationToken).ConfigureAwait(false); attempt++)
            {
                await LayerContent.RequireAsync(client, layer.Digest, layer.MediaType, $" of the image {image}", cancellationToken).ConfigureAwait(false);
                if (await UnpackLayerAsync(image, layer, diffId, chainId, parent, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }

            await client.Content.SetLabelsAsync(layer.Digest, GcLabels.ForUnpackedLayer(diffId), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether a layer is unpacked, and stays so for as long as the lease: the next one may take long to come, and until it
    /// is unpacked upon this one, nothing else may hold it.
    /// </summary>
    private async Task<bool> IsThereAsync(string chainId, CancellationToken cancellationToken)
    {
        if (!await client.Snapshots.ExistsAsync(snapshotter, chainId, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (client.Lease is null)
        {
            return true;
        }

        await client.Leases.AddSnapshotAsync(client.Lease, snapshotter, chainId, cancellationToken).ConfigureAwait(false);
        return await client.Snapshots.ExistsAsync(snapshotter, chainId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Unpacks one layer; false when somebody else did meanwhile.</summary>
    private async Task<bool> UnpackLayerAsync(string image, OciDescriptor layer, string diffId, string chainId, string parent, CancellationToken cancellationToken)
    {
        string key = $"extract-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()} {chainId}";
        var labels = new Dictionary<string, string> { [TargetLabel] = chainId };
        bool made = false;
        bool done = false;
        try
        {
            IReadOnlyList<Mount> mounts = await client.Snapshots.PrepareAsync(snapshotter, key, parent, labels, cancellationToken).ConfigureAwait(false);
            made = true;
            string applied = await ApplyAsync(image, layer, mounts, cancellationToken).ConfigureAwait(false);
            if (applied != diffId)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.DataLoss,
                    $"The layer {layer.Digest} of the image {image} unpacks to {applied}, and its configuration says {diffId}. The image is broken or was altered.") { Reason = "WrongDigest" };
            }

            await client.Snapshots.CommitAsync(snapshotter, key, chainId, labels, cancellationToken).ConfigureAwait(false);
            done = true;
            return true;
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            // Another client unpacked the same layer at the same time, or the snapshotter has it without.
            return false;
        }
        finally
        {
            if (made && !done)
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshotter, key).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> ApplyAsync(string image, OciDescriptor layer, IReadOnlyList<Mount> mounts, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Diff.ApplyAsync(layer, mounts, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (!MissingContent.IsOne(e) && LayerFailures.IsOne(e))
        {
            throw LayerFailures.Explain(layer, $" of the image {image}", string.Empty, e);
        }
    }
}
