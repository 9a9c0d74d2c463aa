namespace ContainerdPS;

/// <summary>A path by which the files of a snapshot differ from those of another.</summary>
public sealed class ContainerSnapshotFileChange : ContainerdFileChange
{
    internal ContainerSnapshotFileChange(ContainerdSession session, string @namespace, string snapshotter, string key, string? reference)
        : base(session, @namespace)
    {
        Snapshotter = snapshotter;
        Key = key;
        Reference = reference;
    }

    /// <summary>The key of the snapshot.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it.</summary>
    public string Snapshotter { get; }

    /// <summary>The key of the snapshot it was compared with; null for a parent there is none of: then with an empty tree.</summary>
    public string? Reference { get; }

    internal override string Compared => $"snapshot {Formatting.Key(Key)} against {(Reference is null ? "nothing" : Formatting.Key(Reference))}";
}
