namespace ContainerdPS;

/// <summary>What of two images differs.</summary>
public enum ContainerImagePart
{
    /// <summary>The image as a whole: the digest of its manifest.</summary>
    Image,

    /// <summary>The platforms its name offers.</summary>
    Platform,

    /// <summary>An annotation: of its index, of a manifest's entry in that, or of its manifest.</summary>
    Annotation,

    /// <summary>A field of its configuration.</summary>
    Config,

    /// <summary>A layer.</summary>
    Layer,

    /// <summary>How many bytes it takes.</summary>
    Size,
}
