using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Images.Compare;

/// <summary>Tells by which files an image differs from another of the same namespace; what is not unpacked is unpacked for it.</summary>
internal static class ImageFileComparison
{
    public static async Task<IReadOnlyList<ContainerImageFileChange>> RunAsync(
        NamespaceClient client, string image, string reference, OciPlatform? platform, string? snapshotter, CancellationToken cancellationToken)
    {
        PlatformImage now = await PlatformImage.FindAsync(client, image, platform, cancellationToken).ConfigureAwait(false);
        PlatformImage before = await PlatformImage.FindAsync(client, reference, platform, cancellationToken).ConfigureAwait(false);
        snapshotter ??= (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                var top = new SnapshotAddress(snapshotter, await UnpackedImage.TopAsync(lease.Client, now, snapshotter, true, cancellationToken).ConfigureAwait(false));
                var other = new SnapshotAddress(snapshotter, await UnpackedImage.TopAsync(lease.Client, before, snapshotter, true, cancellationToken).ConfigureAwait(false));
                if (top == other)
                {
                    return [];
                }

                IReadOnlyList<TreeChange> changes = await TreeComparison.RunAsync(client, other, top, cancellationToken).ConfigureAwait(false);
                return [.. changes.Select(change => change.Into(new ContainerImageFileChange(client.Session, client.Namespace, now.Name, before.Name)))];
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }
}
