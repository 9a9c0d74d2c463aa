using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Compare;

/// <summary>What is known of one of two images that are compared.</summary>
/// <param name="Client">Where it is.</param>
/// <param name="Image">The image for the platform wanted.</param>
/// <param name="Platforms">The platforms its name offers, sorted.</param>
/// <param name="Fields">The fields of its configuration.</param>
/// <param name="UnpackedSize">The bytes of its unpacked layers; null where it is not unpacked.</param>
internal sealed record ComparedImage(
    NamespaceClient Client, PlatformImage Image, IReadOnlyList<string> Platforms, IReadOnlyDictionary<string, string> Fields, long? UnpackedSize)
{
    /// <summary>The bytes of its blobs, counted once each.</summary>
    public long Size => Image.Layers.Append(Image.Manifest.Config!).Append(Image.Descriptor).DistinctBy(static blob => blob.Digest).Sum(static blob => blob.Size);

    public static async Task<ComparedImage> ReadAsync(NamespaceClient client, string name, OciPlatform? platform, string? snapshotter, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image record = await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false);
        PlatformImage image = await PlatformImage.ReadAsync(client, record, platform, cancellationToken).ConfigureAwait(false);
        OciDescriptor target = DescriptorMapping.FromWire(record.Target);
        IEnumerable<string> platforms = !MediaTypes.IsIndex(target.MediaType)
            ? [image.Platform.ToString()]
            : (await new ImageReader(client).IndexAsync(target, cancellationToken).ConfigureAwait(false))
                .Where(static manifest => manifest.Platform is not null)
                .Select(static manifest => Oci.Image.Platforms.Normalize(manifest.Platform!).ToString());
        ReadOnlyMemory<byte> config = await client.Content.ReadWholeAsync(image.Manifest.Config!.Digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false);
        return new ComparedImage(
            client,
            image,
            [.. platforms.Distinct().Order(StringComparer.Ordinal)],
            ConfigFields.Of(config),
            await UnpackedAsync(client, image, snapshotter, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<long?> UnpackedAsync(NamespaceClient client, PlatformImage image, string? snapshotter, CancellationToken cancellationToken)
    {
        snapshotter ??= (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        var sizes = new UnpackedSizes(client);
        long sum = 0;
        foreach (string key in ChainId.All(image.DiffIds))
        {
            if (await sizes.OfSnapshotAsync(snapshotter, key, cancellationToken).ConfigureAwait(false) is not { } size)
            {
                return null;
            }

            sum += size;
        }

        return sum;
    }
}
