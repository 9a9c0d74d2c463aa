using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Looks whether all blobs of an image are here and right, and whether it is unpacked.</summary>
internal sealed class ImageCheck
{
    private readonly NamespaceClient client;
    private readonly ImageReader reader;
    private readonly BlobCheck blobs;
    private readonly ImageCheckRequest request;
    private readonly List<OciPlatform> platforms = [];
    private readonly List<string> troubles = [];
    private bool unpacked = true;

    private ImageCheck(NamespaceClient client, ImageCheckRequest request)
    {
        this.client = client;
        this.request = request;
        reader = new ImageReader(client);
        blobs = new BlobCheck(client, request.Full);
    }

    /// <summary>Looks at one image. One that does not exist is not complete; that is no error.</summary>
    public static async Task<ContainerImageTestResult> RunAsync(NamespaceClient client, string name, ImageCheckRequest request, CancellationToken cancellationToken)
    {
        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        Wire.ImagesV1.Image image;
        try
        {
            image = await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return new ContainerImageTestResult(client.Session, client.Namespace, name)
            {
                Snapshotter = snapshotter,
                Message = $"There is no image '{e.ObjectId}' in namespace '{client.Namespace}' on '{client.Session.Address}'.",
            };
        }

        return await new ImageCheck(client, request).RunAsync(image, snapshotter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ContainerImageTestResult> RunAsync(Wire.ImagesV1.Image image, string snapshotter, CancellationToken cancellationToken)
    {
        foreach (OciDescriptor part in await PartsAsync(DescriptorMapping.FromWire(image.Target), cancellationToken).ConfigureAwait(false))
        {
            foreach (OciDescriptor manifest in await ManifestsAsync(image.Name, part, cancellationToken).ConfigureAwait(false))
            {
                await CheckManifestAsync(manifest, snapshotter, cancellationToken).ConfigureAwait(false);
            }
        }

        bool complete = troubles.Count == 0 && blobs.Missing.Count == 0 && blobs.Damaged.Count == 0;
        return new ContainerImageTestResult(client.Session, client.Namespace, image.Name)
        {
            IsComplete = complete,
            IsUnpacked = unpacked && platforms.Count > 0,
            Snapshotter = snapshotter,
            IsVerified = request.Full,
            Platforms = platforms,
            Size = blobs.Size,
            Missing = blobs.Missing,
            Damaged = blobs.Damaged,
            Message = complete ? null : string.Join(' ', troubles.Concat(blobs.Troubles)),
        };
    }

    /// <summary>
    /// What of the target is an image: itself, or the image in a checkpoint. The other parts of a checkpoint are no manifests
    /// of platforms, but blobs, and all are needed.
    /// </summary>
    private async Task<IReadOnlyList<OciDescriptor>> PartsAsync(OciDescriptor target, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(target.MediaType)
            || await DocumentAsync(target, reader.IndexDocumentAsync, cancellationToken).ConfigureAwait(false) is not { } index
            || !CheckpointIndex.Is(index))
        {
            return [target];
        }

        var images = new List<OciDescriptor>();
        foreach (OciDescriptor part in index.Manifests ?? [])
        {
            if (MediaTypes.IsManifest(part.MediaType) || MediaTypes.IsIndex(part.MediaType))
            {
                images.Add(part);
            }
            else
            {
                await blobs.CheckAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }

        return images;
    }

    private async Task<IReadOnlyList<OciDescriptor>> ManifestsAsync(string image, OciDescriptor target, CancellationToken cancellationToken)
    {
        if (request.AllPlatforms)
        {
            var all = new List<OciDescriptor>();
            await CollectAsync(target, all, 0, cancellationToken).ConfigureAwait(false);
            return all;
        }

        var found = new List<OciDescriptor>();
        foreach (OciPlatform? platform in request.Platforms.Count == 0 ? [null] : request.Platforms.Cast<OciPlatform?>())
        {
            if (await FindAsync(image, target, platform, 0, cancellationToken).ConfigureAwait(false) is { } manifest)
            {
                found.Add(manifest);
            }
        }

        return found;
    }

    private async Task CollectAsync(OciDescriptor descriptor, List<OciDescriptor> manifests, int depth, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(descriptor.MediaType) || depth > ImageReader.MaxDepth)
        {
            manifests.Add(descriptor);
            return;
        }

        foreach (OciDescriptor child in await DocumentAsync(descriptor, reader.IndexAsync, cancellationToken).ConfigureAwait(false) ?? [])
        {
            await CollectAsync(child, manifests, depth + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The manifest for a platform; what hinders finding it is noted as trouble.</summary>
    private async Task<OciDescriptor?> FindAsync(string image, OciDescriptor descriptor, OciPlatform? platform, int depth, CancellationToken cancellationToken)
    {
        PlatformMatcher matcher = platform is null ? PlatformMatcher.For(Platforms.Host) : PlatformMatcher.Exactly(platform);
        if (MediaTypes.IsIndex(descriptor.MediaType) && depth <= ImageReader.MaxDepth)
        {
            if (await DocumentAsync(descriptor, reader.IndexAsync, cancellationToken).ConfigureAwait(false) is not { } children)
            {
                return null;
            }

            if (await DocumentAsync(descriptor, (_, token) => reader.BestAsync(children, matcher, token), cancellationToken).ConfigureAwait(false) is { } best)
            {
                return await FindAsync(image, best, platform, depth + 1, cancellationToken).ConfigureAwait(false);
            }

            troubles.Add($"The image '{image}' has nothing for {matcher.Wanted}: it is for {string.Join(", ", children.Select(static child => child.Platform?.ToString() ?? "no stated platform"))}.");
            return null;
        }

        // The only manifest there is, taken for this machine's, but not for a platform that was asked for.
        if (platform is not null && depth == 0
            && await DocumentAsync(descriptor, reader.ManifestAsync, cancellationToken).ConfigureAwait(false) is { } manifest
            && await DocumentAsync(manifest.Config!, (_, token) => reader.ConfigAsync(manifest, token), cancellationToken).ConfigureAwait(false) is { } config
            && !matcher.Matches(config.Platform))
        {
            troubles.Add($"The image '{image}' has nothing for {matcher.Wanted}: it is for {Platforms.Normalize(config.Platform)}.");
            return null;
        }

        return descriptor;
    }

    private async Task CheckManifestAsync(OciDescriptor descriptor, string snapshotter, CancellationToken cancellationToken)
    {
        if (await DocumentAsync(descriptor, reader.ManifestAsync, cancellationToken).ConfigureAwait(false) is not { } manifest)
        {
            unpacked = false;
            return;
        }

        foreach (OciDescriptor layer in manifest.Layers ?? [])
        {
            await blobs.CheckAsync(layer, cancellationToken).ConfigureAwait(false);
        }

        if (!MediaTypes.IsConfig(manifest.Config?.MediaType) || descriptor.Platform?.Os == "unknown")
        {
            // An attestation, which may call its configuration an image's, or another artifact: there is nothing to unpack.
            await blobs.CheckAsync(manifest.Config!, cancellationToken).ConfigureAwait(false);
            return;
        }

        ImageDocument? config = await DocumentAsync(manifest.Config!, (_, token) => reader.ConfigAsync(manifest, token), cancellationToken).ConfigureAwait(false);
        if (config is null)
        {
            unpacked = false;
            return;
        }

        platforms.Add(Platforms.Normalize(config.Platform));
        string? top = ChainId.Of(config.RootFs?.DiffIds ?? []);
        unpacked &= top is null || await client.Snapshots.ExistsAsync(snapshotter, top, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks the blob of a document and reads it; null where it cannot be.</summary>
    private async Task<T?> DocumentAsync<T>(OciDescriptor descriptor, Func<OciDescriptor, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class?
    {
        if (!await blobs.CheckAsync(descriptor, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            return await read(descriptor, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.DataLoss)
        {
            blobs.Damage(descriptor, "its bytes have another digest");
            return null;
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument or ContainerdErrorCode.ResourceExhausted)
        {
            blobs.Damage(descriptor, e.Message.TrimEnd('.'));
            return null;
        }
    }
}
