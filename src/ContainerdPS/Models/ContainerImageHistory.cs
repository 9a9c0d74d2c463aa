using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>One step of an image's making: a layer with the command that made it, or a change of the configuration alone.</summary>
public sealed class ContainerImageHistory : ContainerdObject
{
    internal ContainerImageHistory(ContainerdSession session, string @namespace, string image, int index)
        : base(session, @namespace)
    {
        Image = image;
        Index = index;
    }

    /// <summary>The full name of the image.</summary>
    public string Image { get; }

    /// <summary>The platform the image is for.</summary>
    public OciPlatform? Platform { get; internal init; }

    /// <summary>Which step it is; 1 is the first.</summary>
    public int Index { get; }

    /// <summary>When the step was made, in local time; null when the image does not say.</summary>
    public DateTimeOffset? CreatedAt { get; internal init; }

    /// <summary>The command that made it; empty when the image does not say.</summary>
    public string CreatedBy { get; internal init; } = string.Empty;

    /// <summary>Who made it; empty when the image does not say.</summary>
    public string Author { get; internal init; } = string.Empty;

    /// <summary>A remark about it; empty without one.</summary>
    public string Comment { get; internal init; } = string.Empty;

    /// <summary>Whether it changed the configuration alone and made no layer.</summary>
    public bool IsEmptyLayer { get; internal init; }

    /// <summary>The digest of the layer's blob; null without a layer.</summary>
    public string? Digest { get; internal init; }

    /// <summary>The digest of the uncompressed layer; null without a layer.</summary>
    public string? DiffId { get; internal init; }

    /// <summary>The name of the snapshot of this layer and all below it; null without a layer.</summary>
    public string? ChainId { get; internal init; }

    /// <summary>The bytes of the layer's blob, 0 without a layer.</summary>
    public long Size { get; internal init; }

    /// <summary>The bytes the unpacked layer takes in the snapshotter; null when it is not unpacked.</summary>
    public long? UnpackedSize { get; internal init; }

    /// <summary>Gives the command.</summary>
    /// <returns>The value of <see cref="CreatedBy"/>.</returns>
    public override string ToString() => CreatedBy;
}
