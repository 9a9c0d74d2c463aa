using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Brings the layers of imported images into a daemon, from the lowest up, and unpacks each while the next ones come.</summary>
/// <param name="client">The daemon, under the lease that protects what is brought.</param>
/// <param name="request">What was asked for.</param>
internal sealed class ImageIntake(NamespaceClient client, ImageImportRequest request)
{
    private readonly Arrivals arrivals = new();

    /// <summary>Brings and unpacks all of them.</summary>
    /// <param name="images">Those that get a name.</param>
    /// <param name="source">Where their layers are; null when the daemon has them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(IReadOnlyList<ImportedImage> images, IBlobSource? source, CancellationToken cancellationToken)
    {
        var unpackable = images.SelectMany(image => Unpackable(image).Select(platform => (Image: image, Platform: platform))).ToList();
        OciDescriptor[] layers = [];
        if (source is not null)
        {
            // Those that somebody waits for come first.
            layers = unpackable.SelectMany(static one => one.Platform.Layers).Concat(images.SelectMany(static image => image.Layers)).Where(layer => arrivals.TryExpect(layer.Digest)).ToArray();
        }

        PartProgress[] parts = Array.ConvertAll(layers, request.Progress.Part);
        await Together.RunAsync([token => BringAsync(source!, layers, parts, token), token => UnpackAsync(unpackable, token)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The best there is of an image for a platform.</summary>
    public static ImportedPlatform? Find(ImportedImage image, OciPlatform wanted)
    {
        PlatformMatcher matcher = PlatformMatcher.For(wanted);
        return image.Platforms.Where(candidate => candidate.IsComplete && matcher.Matches(candidate.Platform)).MinBy(candidate => matcher.Rank(candidate.Platform));
    }

    private async Task BringAsync(IBlobSource source, OciDescriptor[] layers, PartProgress[] parts, CancellationToken cancellationToken)
    {
        foreach ((OciDescriptor layer, PartProgress part) in layers.Zip(parts))
        {
            await source.RequireAsync(layer, request.Path, cancellationToken).ConfigureAwait(false);
            if (!part.IsTransferred)
            {
                part.Complete(PartState.Present);
            }

            arrivals.Arrived(layer.Digest);
        }
    }

    private async Task UnpackAsync(List<(ImportedImage Image, ImportedPlatform Platform)> unpackable, CancellationToken cancellationToken)
    {
        if (unpackable.Count == 0)
        {
            return;
        }

        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        var reader = new ImageReader(client);
        var unpacker = new ImageUnpacker(client, snapshotter)
        {
            Arrival = layer => arrivals.OfAsync(layer.Digest, cancellationToken),
            Report = request.Progress.Unpacking,
        };
        foreach ((ImportedImage image, ImportedPlatform platform) in unpackable)
        {
            (_, ImageManifest manifest) = await reader.ManifestAsync(image.Name ?? request.Path, platform.Manifest, PlatformMatcher.For(Platforms.Host), cancellationToken).ConfigureAwait(false);
            if (MediaTypes.IsConfig(manifest.Config?.MediaType))
            {
                ImageDocument config = await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false);
                await unpacker.UnpackAsync($"'{request.Name ?? image.Name}' in '{request.Path}'", manifest, config, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What is unpacked: those asked for by platform, as far as this system can hold their files, else the one this machine can run.</summary>
    private IEnumerable<ImportedPlatform> Unpackable(ImportedImage image)
    {
        if (request.NoUnpack)
        {
            return [];
        }

        if (request.Platforms.Count > 0)
        {
            return request.Platforms.Where(static wanted => wanted.Os == Platforms.Host.Os).Select(wanted => Find(image, wanted)!).Distinct();
        }

        PlatformMatcher host = PlatformMatcher.For(Platforms.Host);
        ImportedPlatform? platform = image.Platforms.FirstOrDefault(candidate => candidate.IsComplete && (candidate.Platform is null || host.Matches(candidate.Platform)));
        if (platform is null && !(image.IsCheckpoint && image.Platforms.Count == 0))
        {
            request.Notice?.Invoke($"'{request.Name ?? image.Name}' has nothing complete for {Platforms.Host}, so it was not unpacked and cannot be run here.");
        }

        return platform is null ? [] : [platform];
    }
}
