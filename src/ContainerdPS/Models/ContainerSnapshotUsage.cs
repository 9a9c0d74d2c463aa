namespace ContainerdPS;

/// <summary>How much of the disk a snapshot takes.</summary>
public sealed class ContainerSnapshotUsage : ContainerdObject
{
    internal ContainerSnapshotUsage(ContainerdSession session, string @namespace, string snapshotter, string key)
        : base(session, @namespace)
    {
        Snapshotter = snapshotter;
        Key = key;
    }

    /// <summary>The key of the snapshot.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it.</summary>
    public string Snapshotter { get; }

    /// <summary>The bytes it takes itself, without its parents.</summary>
    public long Size { get; internal init; }

    /// <summary>The files and folders it has itself, as inodes.</summary>
    public long Inodes { get; internal init; }

    /// <summary>The bytes it takes together with all its parents; null unless that was asked for.</summary>
    public long? TotalSize { get; internal init; }

    /// <summary>The inodes of it and all its parents; null unless that was asked for.</summary>
    public long? TotalInodes { get; internal init; }

    /// <summary>Gives the key.</summary>
    /// <returns>The value of <see cref="Key"/>.</returns>
    public override string ToString() => Key;
}
