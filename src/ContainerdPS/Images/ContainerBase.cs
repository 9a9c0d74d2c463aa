using ContainerdPS.Containers;
using ContainerdPS.Mapping;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Images;

/// <summary>A container with the image its root filesystem is built on: what it has changed can be told by these two.</summary>
/// <param name="Container">The container's record.</param>
/// <param name="Image">The record of its image.</param>
/// <param name="Platform">That image, for the platform the container was made for.</param>
internal sealed record ContainerBase(Wire.ContainersV1.Container Container, Wire.ImagesV1.Image Image, PlatformImage Platform)
{
    /// <summary>Finds the image of a container, and makes sure that it is still the one the container was made from.</summary>
    /// <exception cref="ContainerdException">The container has no image or no snapshot, or its image is another one now.</exception>
    public static async Task<ContainerBase> FindAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        Wire.ImagesV1.Image image = await ContainerOrigin.ImageAsync(client, id, cancellationToken).ConfigureAwait(false);
        Info snapshot = await SnapshotAsync(client, container, cancellationToken).ConfigureAwait(false);
        return await PlatformAsync(client, image, snapshot.Parent, cancellationToken).ConfigureAwait(false) is { } platform
            ? new ContainerBase(container, image, platform)
            : throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The image '{image.Name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is not the one the container '{id}' was made from: the name refers to another image now. Where that one has another name, Set-Container -Image says so of the container.")
            {
                Reason = "ImageChanged",
                ObjectKind = ObjectKinds.Image,
                ObjectId = image.Name,
            };
    }

    /// <summary>The snapshot that is a container's root filesystem.</summary>
    /// <exception cref="ContainerdException">It has none.</exception>
    public static async Task<Info> SnapshotAsync(NamespaceClient client, Wire.ContainersV1.Container container, CancellationToken cancellationToken) =>
        (container.SnapshotKey.Length == 0 ? null : await client.Snapshots.FindAsync(container.Snapshotter, container.SnapshotKey, cancellationToken).ConfigureAwait(false))
        ?? throw new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            $"The container '{container.Id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has no snapshot{(container.SnapshotKey.Length == 0 ? string.Empty : $" '{container.SnapshotKey}' any more")}, so there is nothing to tell what it changed by.")
        {
            Reason = "ContainerWithoutSnapshot",
            ObjectKind = ObjectKinds.Container,
            ObjectId = container.Id,
        };

    /// <summary>The image of a record whose layers make the snapshot; null when none does.</summary>
    private static async Task<PlatformImage?> PlatformAsync(NamespaceClient client, Wire.ImagesV1.Image image, string parent, CancellationToken cancellationToken)
    {
        PlatformImage usual = await PlatformImage.ReadAsync(client, image, null, cancellationToken).ConfigureAwait(false);
        if ((ChainId.Of(usual.DiffIds) ?? string.Empty) == parent)
        {
            return usual;
        }

        var walk = new ImageWalk(new ImageReader(client), client.Content.FindAsync);
        await walk.VisitAsync(DescriptorMapping.FromWire(image.Target), cancellationToken).ConfigureAwait(false);
        WholeImage? other = walk.Whole.FirstOrDefault(whole => (ChainId.Of(whole.Config.RootFs?.DiffIds ?? []) ?? string.Empty) == parent);
        return other is null ? null : new PlatformImage(image.Name, other.Descriptor, other.Manifest, other.Config);
    }
}
