using System.Collections.ObjectModel;

namespace ContainerdPS;

/// <summary>A blob in a daemon's content store: a manifest, a configuration, a layer or anything else, named by its digest.</summary>
public sealed class ContainerdContent : ContainerdObject
{
    internal ContainerdContent(ContainerdSession session, string @namespace, string digest)
        : base(session, @namespace) => Digest = digest;

    /// <summary>The digest: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Digest { get; }

    /// <summary>How many bytes it has.</summary>
    public long Size { get; internal init; }

    /// <summary>What it is, such as <c>application/vnd.oci.image.manifest.v1+json</c>; null where nothing that was read says it: the content store does not.</summary>
    public string? MediaType { get; internal init; }

    /// <summary>The labels, by their full keys; those of the garbage collection say what else this blob needs.</summary>
    public ReadOnlyDictionary<string, string> Labels { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When it was written in this namespace, in local time.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When its labels last changed, in local time.</summary>
    public DateTimeOffset? UpdatedAt { get; internal init; }

    /// <summary>Gives the digest.</summary>
    /// <returns>The value of <see cref="Digest"/>.</returns>
    public override string ToString() => Digest;
}
