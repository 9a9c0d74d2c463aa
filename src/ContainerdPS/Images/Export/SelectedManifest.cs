using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Export;

/// <summary>A manifest an image leads to.</summary>
/// <param name="Descriptor">Its descriptor, as the index names it.</param>
/// <param name="Indexes">The indexes that lead to it, the image's own first; none where the image is the manifest.</param>
internal sealed record SelectedManifest(OciDescriptor Descriptor, IReadOnlyList<OciDescriptor> Indexes)
{
    /// <summary>What it runs on; null where nothing says it.</summary>
    public OciPlatform? Platform { get; init; } = Descriptor.Platform;

    /// <summary>The manifest; null when it is not in the content store.</summary>
    public ImageManifest? Document { get; init; }

    /// <summary>What of it is not in the content store. Layers that registries do not hold need not be.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
