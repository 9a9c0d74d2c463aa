using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>What is here of an image, and what is missing or damaged.</summary>
public sealed class ContainerImageTestResult : ContainerdObject
{
    internal ContainerImageTestResult(ContainerdSession session, string @namespace, string image)
        : base(session, @namespace) => Image = image;

    /// <summary>The name of the image: the full one where there is such an image.</summary>
    public string Image { get; }

    /// <summary>Whether all blobs are here and, as far as it was looked at, right.</summary>
    public bool IsComplete { get; internal init; }

    /// <summary>Whether its layers are unpacked in the snapshotter.</summary>
    public bool IsUnpacked { get; internal init; }

    /// <summary>The snapshotter that was looked into.</summary>
    public string Snapshotter { get; internal init; } = string.Empty;

    /// <summary>Whether every byte of every blob was compared with its digest; else only the sizes were.</summary>
    public bool IsVerified { get; internal init; }

    /// <summary>The platforms that were looked at.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; internal init; } = [];

    /// <summary>How many bytes of its blobs are here.</summary>
    public long Size { get; internal init; }

    /// <summary>The blobs that are not here.</summary>
    public IReadOnlyList<OciDescriptor> Missing { get; internal init; } = [];

    /// <summary>The blobs that are here with a wrong size or digest, or cannot be read.</summary>
    public IReadOnlyList<OciDescriptor> Damaged { get; internal init; } = [];

    /// <summary>What is wrong, in a sentence; null when all is well.</summary>
    public string? Message { get; internal init; }

    /// <summary>Gives the name of the image and whether it is complete.</summary>
    /// <returns>Such as <c>docker.io/library/busybox:latest: complete</c>.</returns>
    public override string ToString() => $"{Image}: {(IsComplete ? "complete" : "incomplete")}";
}
