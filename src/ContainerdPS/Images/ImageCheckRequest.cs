using ContainerdPS.Oci;

namespace ContainerdPS.Images;

/// <summary>What of an image is looked at, and how closely.</summary>
internal sealed record ImageCheckRequest
{
    /// <summary>The platforms; none for this machine's.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; init; } = [];

    /// <summary>Looks at all platforms the image lists.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>Reads every blob and compares it with its digest.</summary>
    public bool Full { get; init; }

    /// <summary>The snapshotter; null for the namespace's.</summary>
    public string? Snapshotter { get; init; }
}
