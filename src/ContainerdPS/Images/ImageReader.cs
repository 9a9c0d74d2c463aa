using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Reads the documents of an image from the content store.</summary>
internal sealed class ImageReader(NamespaceClient client)
{
    /// <summary>A manifest, index or configuration is a few kilobytes; what is larger than this is not one.</summary>
    public const int DocumentLimit = 8 * 1024 * 1024;

    /// <summary>Index in index is allowed, but not without end.</summary>
    public const int MaxDepth = 4;

    /// <summary>The manifest for a platform: the target itself, or the best match of its index.</summary>
    /// <returns>The descriptor of the manifest and the manifest.</returns>
    /// <exception cref="ContainerdException">No manifest fits, or a document is missing or broken.</exception>
    public async Task<(OciDescriptor Descriptor, ImageManifest Manifest)> ManifestAsync(
        string image, OciDescriptor target, PlatformMatcher platform, CancellationToken cancellationToken)
    {
        OciDescriptor current = target;
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            ReadOnlyMemory<byte> json = await DocumentAsync(current, cancellationToken).ConfigureAwait(false);
            if (!MediaTypes.IsIndex(current.MediaType))
            {
                return (current, ImageJson.ParseManifest(json.Span));
            }

            IReadOnlyList<OciDescriptor> manifests = ImageJson.ParseIndex(json.Span).Manifests ?? [];
            current = await BestAsync(manifests, platform, cancellationToken).ConfigureAwait(false) ?? throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{image}' has nothing for {platform.Wanted}: it is for {string.Join(", ", manifests.Select(static manifest => manifest.Platform?.ToString() ?? "no stated platform"))}.")
            {
                Reason = "PlatformNotFound",
            };
        }

        throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The image '{image}' has indexes nested deeper than {MaxDepth}.") { Reason = "InvalidImage" };
    }

    /// <summary>What an index lists.</summary>
    public async Task<IReadOnlyList<OciDescriptor>> IndexAsync(OciDescriptor index, CancellationToken cancellationToken) =>
        (await IndexDocumentAsync(index, cancellationToken).ConfigureAwait(false)).Manifests ?? [];

    /// <summary>An index.</summary>
    public async Task<ImageIndex> IndexDocumentAsync(OciDescriptor index, CancellationToken cancellationToken) =>
        ImageJson.ParseIndex((await DocumentAsync(index, cancellationToken).ConfigureAwait(false)).Span);

    /// <summary>The manifest a descriptor names.</summary>
    public async Task<ImageManifest> ManifestAsync(OciDescriptor manifest, CancellationToken cancellationToken) =>
        ImageJson.ParseManifest((await DocumentAsync(manifest, cancellationToken).ConfigureAwait(false)).Span);

    /// <summary>The configuration a manifest names.</summary>
    public async Task<ImageDocument> ConfigAsync(ImageManifest manifest, CancellationToken cancellationToken)
    {
        OciDescriptor config = manifest.Config
            ?? throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "The image's manifest names no configuration.") { Reason = "InvalidImage" };
        return ImageJson.ParseDocument((await DocumentAsync(config, cancellationToken).ConfigureAwait(false)).Span);
    }

    /// <summary>The manifest of an index that fits a platform best; null when none fits.</summary>
    public async Task<OciDescriptor?> BestAsync(IReadOnlyList<OciDescriptor> manifests, PlatformMatcher platform, CancellationToken cancellationToken)
    {
        if (platform.Best(manifests.Where(static manifest => manifest.Platform is not null)) is { } stated)
        {
            return stated;
        }

        // An index may leave the platform out; then the configuration tells.
        foreach (OciDescriptor candidate in manifests.Where(static manifest => manifest.Platform is null && MediaTypes.IsManifest(manifest.MediaType)))
        {
            ImageManifest manifest = ImageJson.ParseManifest((await DocumentAsync(candidate, cancellationToken).ConfigureAwait(false)).Span);
            if (MediaTypes.IsConfig(manifest.Config?.MediaType) && platform.Matches((await ConfigAsync(manifest, cancellationToken).ConfigureAwait(false)).Platform))
            {
                return candidate;
            }
        }

        return null;
    }

    private Task<ReadOnlyMemory<byte>> DocumentAsync(OciDescriptor descriptor, CancellationToken cancellationToken) =>
        client.Content.ReadDocumentAsync(descriptor.Digest, DocumentLimit, cancellationToken);
}
