namespace ContainerdPS;

/// <summary>What became of a path.</summary>
public enum ContainerFileChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>Its content, its kind, its owner, its mode or its time is another.</summary>
    Changed,

    /// <summary>It is not there any more.</summary>
    Removed,
}
