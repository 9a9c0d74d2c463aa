using ContainerdPS.Oci;

namespace ContainerdPS.Images.Export;

/// <summary>What of an image is taken: its blobs, each once, documents before what they name.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Target">What the name refers to.</param>
/// <param name="Blobs">The blobs, the target first.</param>
/// <param name="Manifests">The manifests among them that are images, the one for this machine first.</param>
/// <param name="IsCheckpoint">Whether it is the checkpoint of a container, and its manifests what that was made of.</param>
/// <param name="LeftOut">The platforms that are not taken because they are not whole here.</param>
internal sealed record SelectedImage(
    string Name,
    OciDescriptor Target,
    IReadOnlyList<OciDescriptor> Blobs,
    IReadOnlyList<SelectedManifest> Manifests,
    bool IsCheckpoint,
    IReadOnlyList<string> LeftOut);
