namespace ContainerdPS;

/// <summary>An image that was removed, or content that nothing referred to, and the room that is free by that.</summary>
public sealed class ContainerImageRemoval : ContainerdObject
{
    internal ContainerImageRemoval(ContainerdSession session, string @namespace, string image)
        : base(session, @namespace) => Image = image;

    /// <summary>The full name of the image; empty for content that nothing referred to.</summary>
    public string Image { get; }

    /// <summary>The digest the name referred to; empty for content that nothing referred to.</summary>
    public string Digest { get; internal init; } = string.Empty;

    /// <summary>How many blobs go.</summary>
    public int Blobs { get; internal init; }

    /// <summary>How many bytes the blobs have that no other namespace has.</summary>
    public long FreedContent { get; internal init; }

    /// <summary>How many snapshots go.</summary>
    public int Snapshots { get; internal init; }

    /// <summary>How many bytes the snapshots take.</summary>
    public long FreedSnapshots { get; internal init; }

    /// <summary>How many bytes are free by all that.</summary>
    public long Freed => FreedContent + FreedSnapshots;

    /// <summary>Gives the name.</summary>
    /// <returns>The value of <see cref="Image"/>.</returns>
    public override string ToString() => Image;
}
