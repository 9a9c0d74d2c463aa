using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Unpacks an image that is here, under a lease of its own.</summary>
internal static class ImageExpansion
{
    /// <summary>Unpacks what is not unpacked yet, for a platform or, without one, for this machine. Failing, it leaves nothing but whole layers that something else refers to.</summary>
    public static async Task RunAsync(NamespaceClient client, Wire.ImagesV1.Image image, OciPlatform? platform, string? snapshotter, CancellationToken cancellationToken)
    {
        PlatformImage found = await PlatformImage.ReadAsync(client, image, platform, cancellationToken).ConfigureAwait(false);
        string where = snapshotter ?? (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                await new ImageUnpacker(lease.Client, where).UnpackAsync($"'{found.Name}'", found.Manifest, found.Config, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }
}
