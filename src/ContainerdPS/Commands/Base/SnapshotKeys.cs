using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The keys of the snapshots that references mean.</summary>
internal static class SnapshotKeys
{
    /// <summary>The key; of an image that of its top layer.</summary>
    /// <param name="snapshot">The reference.</param>
    /// <param name="snapshotter">The snapshotter that keeps it.</param>
    /// <param name="client">Where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ContainerdException">The container has none, or the image is not unpacked.</exception>
    public static async Task<string> OfAsync(ContainerSnapshotReference snapshot, string snapshotter, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (snapshot.Source is ContainerImage image)
        {
            return await UnpackedImage.FindTopAsync(client, image.Name, snapshotter, cancellationToken).ConfigureAwait(false);
        }

        return snapshot.Key.Length > 0 ? snapshot.Key : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            snapshot.Source is Container container
                ? $"The container '{container.Id}' has no snapshot: its spec names a root filesystem of its own."
                : "The key of a snapshot is empty.") { Reason = "SnapshotRequired" };
    }
}
