namespace ContainerdPS;

/// <summary>A part by which an image differs from another, or which they share.</summary>
public sealed class ContainerImageDifference : ContainerdObject
{
    internal ContainerImageDifference(ContainerdSession session, string @namespace, string image, string reference)
        : base(session, @namespace)
    {
        Image = image;
        Reference = reference;
    }

    /// <summary>The name of the image.</summary>
    public string Image { get; }

    /// <summary>The name of the image it was compared with.</summary>
    public string Reference { get; }

    /// <summary>What kind of part it is.</summary>
    public ContainerImagePart Part { get; internal init; }

    /// <summary>
    /// Which part: the field of the configuration as its document calls it (<c>Env.PATH</c>, <c>Cmd</c>, <c>Labels.team</c>,
    /// <c>architecture</c>, <c>history.2</c>), the digest of an uncompressed layer, an annotation (<c>index:KEY</c>,
    /// <c>manifest:KEY</c>, <c>manifest-descriptor[linux/amd64]:KEY</c>), a platform, <c>Digest</c>, <c>Content</c> or <c>Unpacked</c>.
    /// </summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary>How the image relates to the reference.</summary>
    public ContainerImageDifferenceKind Change { get; internal init; }

    /// <summary>What the image has: text, or bytes for a size; of a layer the digest of its blob; JSON for lists. Null where it has none.</summary>
    public object? Value { get; internal init; }

    /// <summary>What the reference has; null where it has none.</summary>
    public object? ReferenceValue { get; internal init; }

    /// <summary>The bytes of a layer's blob; null for the rest.</summary>
    public long? Size { get; internal init; }

    /// <summary>Gives the change, the part and its name.</summary>
    /// <returns>Such as <c>Changed Config Env.PATH</c>.</returns>
    public override string ToString() => $"{Change} {Part} {Name}";
}
