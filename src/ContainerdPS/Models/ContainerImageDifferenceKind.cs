namespace ContainerdPS;

/// <summary>How a part of one image relates to another image.</summary>
public enum ContainerImageDifferenceKind
{
    /// <summary>Both have it, and it is the same.</summary>
    Same,

    /// <summary>The image has it, the reference does not.</summary>
    Added,

    /// <summary>Both have it, and it is not the same.</summary>
    Changed,

    /// <summary>The reference has it, the image does not.</summary>
    Removed,
}
