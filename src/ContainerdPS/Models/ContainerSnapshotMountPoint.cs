namespace ContainerdPS;

/// <summary>A folder of this machine at which Mount-ContainerSnapshot has mounted a snapshot.</summary>
public sealed class ContainerSnapshotMountPoint : ContainerdObject
{
    internal ContainerSnapshotMountPoint(ContainerdSession session, string @namespace, string snapshotter, string key)
        : base(session, @namespace)
    {
        Snapshotter = snapshotter;
        Key = key;
    }

    /// <summary>The folder. Get-ChildItem and the like take the object for it.</summary>
    public string Path { get; internal init; } = string.Empty;

    /// <summary>The key of the snapshot.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it.</summary>
    public string Snapshotter { get; }

    /// <summary>Whether nothing can be written there.</summary>
    public bool ReadOnly { get; internal init; }

    /// <summary>The key of the view that was made to mount a committed snapshot, and goes with the mount; null when none was needed.</summary>
    public string? View { get; internal init; }

    /// <summary>When it was mounted, in local time.</summary>
    public DateTimeOffset MountedAt { get; internal init; }

    /// <summary>Gives the folder.</summary>
    /// <returns>The value of <see cref="Path"/>.</returns>
    public override string ToString() => Path;
}
