using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>One image of an archive, all of whose content but its layers is in the sink.</summary>
/// <param name="Name">The normalised name; null where the archive gives none and the caller no base name.</param>
/// <param name="Tag">The bare tag the archive gives it, where that is all it gives.</param>
/// <param name="Target">The manifest or index the image is.</param>
/// <param name="Platforms">Its platforms; one for an image that is a manifest itself.</param>
internal sealed record ImportedImage(string? Name, string? Tag, OciDescriptor Target, IReadOnlyList<ImportedPlatform> Platforms)
{
    /// <summary>The layers of all its platforms, as far as they are there.</summary>
    public IEnumerable<OciDescriptor> Layers => Platforms.SelectMany(static platform => platform.Layers);

    /// <summary>Whether it is the checkpoint of a container, and its platforms those of the image that was made of.</summary>
    public bool IsCheckpoint { get; init; }

    /// <summary>The platforms of it that were not wanted.</summary>
    public IReadOnlyList<OciPlatform> LeftOut { get; init; } = [];
}
