using ContainerdPS.Oci;

namespace ContainerdPS.Images;

/// <summary>Which image is mounted where, and how.</summary>
internal sealed record ImageMountRequest
{
    /// <summary>Its name, full or short.</summary>
    public required string Image { get; init; }

    /// <summary>The platform wanted; null for this machine's.</summary>
    public OciPlatform? Platform { get; init; }

    /// <summary>The snapshotter; null for the namespace's.</summary>
    public string? Snapshotter { get; init; }

    /// <summary>Refuses an image that is not unpacked.</summary>
    public bool NoUnpack { get; init; }

    /// <summary>The folder, absolute; null for a new one of its own.</summary>
    public string? Path { get; init; }

    /// <summary>Nothing can be written there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Further options, which overrule the others.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Mounts over what a folder holds.</summary>
    public bool Force { get; init; }
}
