using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Compare;

/// <summary>What is known of one of two images that are compared.</summary>
/// <param name="Client">Where it is.</param>
/// <param name="Image">The image for the platform wanted.</param>
/// <param name="Platforms">The platforms its name offers, sorted.</param>
/// <param name="Annotations">Those of its index, of what that lists and of its manifest, by where they are and what they are called.</param>
/// <param name="Fields">The fields of its configuration.</param>
/// <param name="UnpackedSize">The bytes of its unpacked layers; null where it is not unpacked.</param>
internal sealed record ComparedImage(
    NamespaceClient Client, PlatformImage Image, IReadOnlyList<string> Platforms, IReadOnlyDictionary<string, string> Annotations, IReadOnlyDictionary<string, string> Fields, long? UnpackedSize)
{
    /// <summary>The bytes of its blobs, counted once each.</summary>
    public long Size => Image.Layers.Append(Image.Manifest.Config!).Append(Image.Descriptor).DistinctBy(static blob => blob.Digest).Sum(static blob => blob.Size);

    public static async Task<ComparedImage> ReadAsync(NamespaceClient client, string name, OciPlatform? platform, string? snapshotter, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image record = await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false);
        PlatformImage image = await PlatformImage.ReadAsync(client, record, platform, cancellationToken).ConfigureAwait(false);
        OciDescriptor target = DescriptorMapping.FromWire(record.Target);
        ImageIndex? index = MediaTypes.IsIndex(target.MediaType) ? await new ImageReader(client).IndexDocumentAsync(target, cancellationToken).ConfigureAwait(false) : null;
        IEnumerable<string> platforms = index is null
            ? [image.Platform.ToString()]
            : (index.Manifests ?? []).Select(PlatformOf).OfType<string>();
        ReadOnlyMemory<byte> config = await client.Content.ReadDocumentAsync(image.Manifest.Config!.Digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false);
        return new ComparedImage(
            client,
            image,
            [.. platforms.Distinct().Order(StringComparer.Ordinal)],
            AnnotationsOf(index, image.Manifest),
            ConfigFields.Of(config),
            await UnpackedAsync(client, image, snapshotter, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Named as the builders of images name them: index:KEY, manifest-descriptor[linux/amd64]:KEY, manifest:KEY.</summary>
    private static SortedDictionary<string, string> AnnotationsOf(ImageIndex? index, ImageManifest manifest)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        void Add(string where, IReadOnlyDictionary<string, string>? annotations)
        {
            foreach ((string key, string value) in annotations ?? new Dictionary<string, string>())
            {
                all[$"{where}:{key}"] = value;
            }
        }

        Add("index", index?.Annotations);
        foreach (IGrouping<string, OciDescriptor> same in (index?.Manifests ?? []).GroupBy(static one => PlatformOf(one) ?? "unknown"))
        {
            int count = 0;
            foreach (OciDescriptor one in same)
            {
                Add($"manifest-descriptor[{same.Key}{(++count == 1 ? string.Empty : $", {count}")}]", one.Annotations);
            }
        }

        Add("manifest", manifest.Annotations);
        return all;
    }

    private static string? PlatformOf(OciDescriptor manifest) => manifest.Platform is null ? null : Oci.Image.Platforms.Normalize(manifest.Platform).ToString();

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
