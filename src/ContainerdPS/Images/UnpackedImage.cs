using ContainerdPS.Images.Archives;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>The snapshot that holds the files of an image.</summary>
internal static class UnpackedImage
{
    /// <summary>Finds it, or unpacks the image. Call it under a lease, which keeps the snapshot.</summary>
    /// <param name="client">Where, under the lease.</param>
    /// <param name="image">The image.</param>
    /// <param name="snapshotter">The snapshotter.</param>
    /// <param name="unpack">Whether it is unpacked where it is not; else that is an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key of the top layer's snapshot; empty for an image without layers.</returns>
    public static async Task<string> TopAsync(NamespaceClient client, PlatformImage image, string snapshotter, bool unpack, CancellationToken cancellationToken)
    {
        if (image.DiffIds.Count == 0)
        {
            return string.Empty;
        }

        string top = ChainId.All(image.DiffIds)[^1];
        if (await client.Snapshots.ExistsAsync(snapshotter, top, cancellationToken).ConfigureAwait(false))
        {
            // Its layers' blobs need not be here any more.
            await client.Leases.AddSnapshotAsync(client.Lease!, snapshotter, top, cancellationToken).ConfigureAwait(false);
            return top;
        }

        return unpack
            ? await new ImageUnpacker(client, snapshotter).UnpackAsync($"'{image.Name}'", image.Manifest, image.Config, cancellationToken).ConfigureAwait(false)
            : throw NotUnpacked(image, snapshotter, "Unpack it with Expand-ContainerImage, or leave -NoUnpack out.");
    }

    /// <summary>The key of the top layer's snapshot, for this machine's platform. Nothing is unpacked.</summary>
    /// <param name="client">Where.</param>
    /// <param name="name">The name of the image.</param>
    /// <param name="snapshotter">The snapshotter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ContainerdException">There is no such image, it has no layers, or it is not unpacked.</exception>
    public static async Task<string> FindTopAsync(NamespaceClient client, string name, string snapshotter, CancellationToken cancellationToken)
    {
        PlatformImage image = await PlatformImage.FindAsync(client, name, platform: null, cancellationToken).ConfigureAwait(false);
        if (ChainId.Of(image.DiffIds) is not { } top)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition, $"The image '{image.Name}' has no snapshot: it has no layers.") { Reason = "SnapshotRequired", ObjectKind = ObjectKinds.Image, ObjectId = image.Name };
        }

        if (await client.Snapshots.ExistsAsync(snapshotter, top, cancellationToken).ConfigureAwait(false))
        {
            return top;
        }

        IReadOnlyDictionary<string, string> labels = (await client.Content.GetAsync(image.Manifest.Config!.Digest, cancellationToken).ConfigureAwait(false)).Labels;
        string[] others = [.. GcLabels.Snapshotters(labels).Where(other => other != snapshotter).Order(StringComparer.Ordinal)];
        throw NotUnpacked(
            image,
            snapshotter,
            others.Length == 0 ? "Unpack it first with Expand-ContainerImage." : $"Unpack it first with Expand-ContainerImage; or give -Snapshotter: it was unpacked in '{string.Join("', '", others)}'.");
    }

    private static ContainerdException NotUnpacked(PlatformImage image, string snapshotter, string advice) => new(
        ContainerdErrorCode.FailedPrecondition, $"The image '{image.Name}' is not unpacked for {image.Platform} in the snapshotter '{snapshotter}'. {advice}")
    {
        Reason = "ImageNotUnpacked",
        ObjectKind = ObjectKinds.Image,
        ObjectId = image.Name,
    };
}
