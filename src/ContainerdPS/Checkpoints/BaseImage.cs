using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Checkpoints;

/// <summary>The image below a restored container: the one its checkpoint carries, or else the one of the name it gives.</summary>
/// <param name="Name">The full name; empty for an image without one.</param>
/// <param name="Record">The record of that name; null when there is none.</param>
/// <param name="Target">What the container's root filesystem is made of.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Top">The chain id of its top layer; empty for an image without layers.</param>
internal sealed record BaseImage(string Name, Wire.ImagesV1.Image? Record, OciDescriptor Target, ImageDocument Config, string Top)
{
    /// <summary>Finds the image and unpacks it. Call it under a lease.</summary>
    /// <exception cref="ContainerdException">It is not here, not for this platform, or not what the read-write layer was made on.</exception>
    public static async Task<BaseImage?> FindAsync(
        NamespaceClient client, CheckpointContents checkpoint, string snapshotter, RestoreRequest request, CancellationToken cancellationToken)
    {
        string? name = checkpoint.ImageName;
        if (name is null && checkpoint.Image is null)
        {
            return null;
        }

        Wire.ImagesV1.Image? record = name is null ? null : await client.Images.FindAsync(name, cancellationToken).ConfigureAwait(false);
        OciDescriptor target = checkpoint.Image ?? (record is null ? null : DescriptorMapping.FromWire(record.Target)) ?? throw Missing(client, checkpoint, name!);
        var reader = new ImageReader(client);
        (_, ImageManifest manifest) = await reader.ManifestAsync(
            name ?? checkpoint.Name, target, PlatformMatcher.For(Platforms.Host), cancellationToken).ConfigureAwait(false);
        ImageDocument config = await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false);
        string top = ChainId.All(config.RootFs?.DiffIds ?? []) is { Count: > 0 } chain ? chain[^1] : string.Empty;
        bool isOther = checkpoint.Parent is { } parent && parent != top;
        if (isOther && checkpoint.ReadWriteLayer is not null && !request.NoReadWriteLayer)
        {
            throw Changed(client, checkpoint, name ?? checkpoint.Name);
        }

        if (record is not null && record.Target.Digest != target.Digest)
        {
            request.Notice?.Invoke(
                $"The image '{name}' is another by now ({Formatting.Digest(record.Target.Digest)}) than when the checkpoint '{checkpoint.Name}' was made ({Formatting.Digest(target.Digest)}). The container gets the files of the old one, which the checkpoint carries.");
        }

        await new ImageUnpacker(client, snapshotter).UnpackAsync($"'{name ?? checkpoint.Name}'", manifest, config, cancellationToken).ConfigureAwait(false);
        return new BaseImage(name ?? string.Empty, record, target, config, top);
    }

    private static ContainerdException Missing(NamespaceClient client, CheckpointContents checkpoint, string name) => new(
        ContainerdErrorCode.NotFound,
        $"The checkpoint '{checkpoint.Name}' is of a container of the image '{name}', which is not in namespace '{client.Namespace}' on '{client.Session.Address}', and the checkpoint does not carry it. Get it first: Receive-ContainerImage {name}. A checkpoint made with -Image carries its image.")
    {
        Reason = "BaseImageNotFound",
        ObjectKind = ObjectKinds.Image,
        ObjectId = name,
    };

    private static ContainerdException Changed(NamespaceClient client, CheckpointContents checkpoint, string name) => new(
        ContainerdErrorCode.FailedPrecondition,
        $"The image '{name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is not the one the checkpoint '{checkpoint.Name}' was made on: its read-write layer does not fit. Get that image again under this name, or leave the layer out with -NoReadWriteLayer.")
    {
        Reason = "BaseImageChanged",
        ObjectKind = ObjectKinds.Image,
        ObjectId = name,
    };
}
