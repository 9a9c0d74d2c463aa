using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Pull;

/// <summary>A manifest whose document was received.</summary>
/// <param name="Descriptor">Its descriptor.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Config">Its configuration; null when it is no image's.</param>
internal sealed record ReceivedManifest(OciDescriptor Descriptor, ImageManifest Manifest, ImageDocument? Config)
{
    public IReadOnlyList<OciDescriptor> Layers => Manifest.Layers ?? [];

    /// <summary>What it runs on, as far as it says.</summary>
    public OciPlatform? Platform => Config is null ? Descriptor.Platform : Config.Platform;
}
