using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>An image that was sent to a registry, and how its bytes came to be there.</summary>
public sealed class ContainerImageSendResult : ContainerdObject
{
    internal ContainerImageSendResult(ContainerdSession session, string @namespace, string name)
        : base(session, @namespace) => Name = name;

    /// <summary>The full name it has in the registry.</summary>
    public string Name { get; }

    /// <summary>The full name it has in the daemon.</summary>
    public string Source { get; internal init; } = string.Empty;

    /// <summary>The digest the name refers to in the registry: the image's own, or another where platforms were left out.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>What the digest is of: a manifest or an index.</summary>
    public string MediaType { get; internal init; } = string.Empty;

    /// <summary>The platforms that were sent.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; internal init; } = [];

    /// <summary>How many bytes its blobs have.</summary>
    public long Size { get; internal init; }

    /// <summary>How many of them were sent.</summary>
    public long Sent { get; internal init; }

    /// <summary>How many the registry took from another of its repositories. A daemon that sends by itself counts these as there before.</summary>
    public long Mounted { get; internal init; }

    /// <summary>How many were there before.</summary>
    public long Present { get; internal init; }

    /// <summary>Gives the name in the registry with the digest.</summary>
    /// <returns>Such as <c>ghcr.io/owner/name:tag@sha256:...</c>.</returns>
    public override string ToString() => Name.Contains('@', StringComparison.Ordinal) ? Name : $"{Name}@{Digest}";
}
