using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images;

/// <summary>An image of one platform whose blobs are all here.</summary>
/// <param name="Descriptor">Its manifest's descriptor.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="ConfigLabels">The labels of its configuration's blob: where it is unpacked.</param>
internal sealed record WholeImage(OciDescriptor Descriptor, ImageManifest Manifest, ImageDocument Config, IReadOnlyDictionary<string, string> ConfigLabels)
{
    /// <summary>What it runs on.</summary>
    public OciPlatform Platform { get; } = Platforms.Normalize(Config.Platform);
}
