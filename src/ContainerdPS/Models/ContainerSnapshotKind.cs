namespace ContainerdPS;

/// <summary>What can be done with a snapshot.</summary>
public enum ContainerSnapshotKind
{
    /// <summary>The daemon says nothing this module knows.</summary>
    Unknown,

    /// <summary>It can be mounted and only read.</summary>
    View,

    /// <summary>It can be mounted and written to, until it is committed.</summary>
    Active,

    /// <summary>It cannot change any more, and others can be made on top of it; a layer of an image is one.</summary>
    Committed,
}
