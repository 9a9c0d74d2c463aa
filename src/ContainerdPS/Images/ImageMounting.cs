using ContainerdPS.Mounts;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Images;

/// <summary>Mounts the files of images at folders of this machine. A failure leaves neither mount nor snapshot nor folder.</summary>
internal static class ImageMounting
{
    public static async Task<ContainerImageMountPoint> RunAsync(NamespaceClient client, ImageMountRequest request, CancellationToken cancellationToken)
    {
        SnapshotMounting.RequireHere(client, ObjectKinds.Image, request.Image);
        MountFolder.Check(request.Path, request.Force);

        PlatformImage image = await PlatformImage.FindAsync(client, request.Image, request.Platform, cancellationToken).ConfigureAwait(false);
        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                string top = await UnpackedImage.TopAsync(lease.Client, image, snapshotter, !request.NoUnpack, cancellationToken).ConfigureAwait(false);
                MountRecord record = await SnapshotMounting.MountAsync(
                    lease.Client, ToMount(request, image, new SnapshotAddress(snapshotter, top)), onTop: true, cancellationToken).ConfigureAwait(false);
                return new ContainerImageMountPoint(client.Session, client.Namespace, image.Name)
                {
                    Path = record.Path,
                    Platform = image.Platform,
                    Snapshotter = snapshotter,
                    Key = record.View!,
                    ReadOnly = record.ReadOnly,
                    MountedAt = record.MountedAt.ToLocalTime(),
                };
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }

    private static SnapshotMountRequest ToMount(ImageMountRequest request, PlatformImage image, SnapshotAddress top) => new()
    {
        Snapshot = top,
        Image = image.Name,
        Path = request.Path,
        ReadOnly = request.ReadOnly,
        Options = request.Options,
        Force = request.Force,
    };
}
