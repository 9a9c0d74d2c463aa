using ContainerdPS.Oci;

namespace ContainerdPS.Images;

/// <summary>What an image's content says of it.</summary>
/// <param name="Platforms">The platforms whose manifest, configuration and layers are all here.</param>
/// <param name="Size">The bytes of all its blobs that are here, counted once each.</param>
internal sealed record ImageContents(IReadOnlyList<OciPlatform> Platforms, long Size);
