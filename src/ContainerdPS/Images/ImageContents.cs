using ContainerdPS.Oci;

namespace ContainerdPS.Images;

/// <summary>What an image's content says of it.</summary>
internal sealed record ImageContents
{
    /// <summary>The platforms whose manifest, configuration and layers are all here.</summary>
    public required IReadOnlyList<OciPlatform> Platforms { get; init; }

    /// <summary>The bytes of all its blobs that are here, counted once each.</summary>
    public required long Size { get; init; }

    /// <summary>When it was built, for this machine's platform where it is for that.</summary>
    public DateTimeOffset? BuiltAt { get; init; }

    /// <summary>The snapshotters it is unpacked for, sorted.</summary>
    public IReadOnlyList<string> Snapshotters { get; init; } = [];

    /// <summary>The bytes of its unpacked layers in one snapshotter, counted once each; null where it is not unpacked.</summary>
    public long? UnpackedSize { get; init; }
}
