using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Images;

/// <summary>Tells by which files a container differs from its image.</summary>
internal static class ContainerComparison
{
    public static async Task<IReadOnlyList<ContainerFileChange>> RunAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        // The snapshot's parent is the image as the container was made from it, whatever its name refers to now.
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        await ContainerBase.SnapshotAsync(client, container, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TreeChange> changes = await TreeComparison.RunAsync(
            client, null, new SnapshotAddress(container.Snapshotter, container.SnapshotKey), cancellationToken).ConfigureAwait(false);
        return [.. changes.Select(change => change.Into(new ContainerFileChange(client.Session, client.Namespace, id)))];
    }
}
