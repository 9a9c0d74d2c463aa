using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>One manifest of an image, and how much of it there is.</summary>
/// <param name="Platform">What it runs on; null where nothing says it.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="MissingDigests">The blobs that are neither in the archive nor in the sink.</param>
internal sealed record ImportedPlatform(OciPlatform? Platform, OciDescriptor Manifest, IReadOnlyList<string> MissingDigests)
{
    /// <summary>Its layers, as far as they are there: in the archive, or in the sink.</summary>
    public IReadOnlyList<OciDescriptor> Layers { get; init; } = [];

    /// <summary>Whether a container can be made from it.</summary>
    public bool IsComplete => MissingDigests.Count == 0;
}
