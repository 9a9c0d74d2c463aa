using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>An image for one platform, as its documents describe it.</summary>
/// <param name="Name">The name it was found by.</param>
/// <param name="Descriptor">Its manifest's descriptor.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Config">Its configuration.</param>
internal sealed record PlatformImage(string Name, OciDescriptor Descriptor, ImageManifest Manifest, ImageDocument Config)
{
    /// <summary>The layers' blobs, lowest first.</summary>
    public IReadOnlyList<OciDescriptor> Layers => Manifest.Layers ?? [];

    /// <summary>The digests of the uncompressed layers, lowest first.</summary>
    public IReadOnlyList<string> DiffIds => Config.RootFs?.DiffIds ?? [];

    /// <summary>What it runs on.</summary>
    public OciPlatform Platform => Platforms.Normalize(Config.Platform);

    /// <summary>Finds an image by name, for exactly the platform given; without one for this machine, or the only one there is.</summary>
    /// <exception cref="ContainerdException">There is no such image, it is not for the platform, or a document is missing or broken.</exception>
    public static async Task<PlatformImage> FindAsync(NamespaceClient client, string name, OciPlatform? platform, CancellationToken cancellationToken) =>
        await ReadAsync(client, await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false), platform, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="FindAsync"/>
    public static async Task<PlatformImage> ReadAsync(NamespaceClient client, Wire.ImagesV1.Image image, OciPlatform? platform, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadDocumentsAsync(client, image, platform, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (MissingContent.IsOne(e))
        {
            throw MissingContent.Explain($"'{image.Name}'", e);
        }
    }

    private static async Task<PlatformImage> ReadDocumentsAsync(NamespaceClient client, Wire.ImagesV1.Image image, OciPlatform? platform, CancellationToken cancellationToken)
    {
        var reader = new ImageReader(client);
        PlatformMatcher matcher = platform is null ? PlatformMatcher.For(Platforms.Host) : PlatformMatcher.Exactly(platform);
        (OciDescriptor descriptor, ImageManifest manifest) = await reader.ManifestAsync(
            image.Name, DescriptorMapping.FromWire(image.Target), matcher, cancellationToken).ConfigureAwait(false);
        if (!MediaTypes.IsConfig(manifest.Config?.MediaType))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{image.Name}' is an artifact of the type '{manifest.ArtifactType ?? manifest.Config?.MediaType}', not the image of a container.") { Reason = "NotAContainerImage" };
        }

        var found = new PlatformImage(image.Name, descriptor, manifest, await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false));
        return platform is null || matcher.Matches(found.Platform)
            ? found
            : throw new ContainerdException(ContainerdErrorCode.NotFound, $"The image '{image.Name}' has nothing for {matcher.Wanted}: it is for {found.Platform}.") { Reason = "PlatformNotFound" };
    }
}
