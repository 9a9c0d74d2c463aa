using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>
/// A blob as a command takes it: its digest, or an object that carries its session and namespace along. Text,
/// <see cref="ContainerdContent"/> and <see cref="OciDescriptor"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerdContentReference : ContainerdReference
{
    /// <summary>Refers to a blob by its digest.</summary>
    /// <param name="digest">The digest, or the beginning of it that no other blob's has; without an algorithm in front it is one of sha256.</param>
    public ContainerdContentReference(string digest)
        : base(WithAlgorithm(Given(digest)), digest, null) => Digest = WithAlgorithm(digest);

    /// <summary>Refers to a blob that was read.</summary>
    /// <param name="content">The blob.</param>
    public ContainerdContentReference(ContainerdContent content)
        : base(Given(content).Digest, content, content)
    {
        Digest = content.Digest;
        MediaType = content.MediaType;
    }

    /// <summary>Refers to the blob a descriptor of a manifest or an index names.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public ContainerdContentReference(OciDescriptor descriptor)
        : base(Given(descriptor).Digest, descriptor, null)
    {
        Digest = descriptor.Digest;
        MediaType = descriptor.MediaType.Length > 0 ? descriptor.MediaType : null;
    }

    /// <summary>Refers to the blob the name of an image refers to: its manifest, or its index of manifests.</summary>
    /// <param name="image">The image.</param>
    public ContainerdContentReference(ContainerImage image)
        : base(Given(image).Digest, image, image)
    {
        Digest = image.Digest;
        MediaType = image.MediaType;
    }

    private ContainerdContentReference(ContainerdContentReference given, string digest)
        : base(digest, given)
    {
        Digest = digest;
        MediaType = given.MediaType;
    }

    /// <summary>The digest, or the beginning of it that was given.</summary>
    public string Digest { get; }

    /// <summary>What the blob is; null where that is not known.</summary>
    public string? MediaType { get; }

    /// <summary>The same blob by its whole digest.</summary>
    internal ContainerdContentReference Resolved(string digest) => digest == Digest ? this : new ContainerdContentReference(this, digest);

    /// <summary>People copy digests with and without the algorithm in front.</summary>
    internal static string WithAlgorithm(string digest) =>
        digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower) ? "sha256:" + digest : digest;
}
