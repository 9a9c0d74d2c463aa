namespace ContainerdPS;

/// <summary>
/// A snapshot as a command takes it: its key, or an object that carries its session and namespace along. Text,
/// <see cref="ContainerSnapshot"/>, <see cref="Container"/> (for the container's root filesystem) and
/// <see cref="ContainerImage"/> objects (for the top layer it is unpacked to) convert to it by themselves.
/// </summary>
public sealed class ContainerSnapshotReference : ContainerdReference
{
    /// <summary>Refers to a snapshot by its key.</summary>
    /// <param name="key">The key.</param>
    public ContainerSnapshotReference(string key)
        : base(Given(key), key, null) => Key = key;

    /// <summary>Refers to a snapshot that was read.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public ContainerSnapshotReference(ContainerSnapshot snapshot)
        : base(Given(snapshot).Key, snapshot, snapshot)
    {
        Key = snapshot.Key;
        Snapshotter = snapshot.Snapshotter;
    }

    /// <summary>Refers to the snapshot that is the root filesystem of a container.</summary>
    /// <param name="container">The container.</param>
    public ContainerSnapshotReference(Container container)
        : base(Given(container).SnapshotKey, container, container)
    {
        Key = container.SnapshotKey;
        Snapshotter = container.Snapshotter.Length > 0 ? container.Snapshotter : null;
    }

    /// <summary>Refers to the snapshot that has the files of an image: that of the top layer, where the image is unpacked.</summary>
    /// <param name="image">The image.</param>
    public ContainerSnapshotReference(ContainerImage image)
        : base(Given(image).Name, image, image) => Key = string.Empty;

    /// <summary>Refers to a snapshot that was measured.</summary>
    /// <param name="usage">What it takes.</param>
    public ContainerSnapshotReference(ContainerSnapshotUsage usage)
        : base(Given(usage).Key, usage, usage)
    {
        Key = usage.Key;
        Snapshotter = usage.Snapshotter;
    }

    /// <summary>Refers to the snapshot of a mount point.</summary>
    /// <param name="mountPoint">The mount point.</param>
    public ContainerSnapshotReference(ContainerSnapshotMountPoint mountPoint)
        : base(Given(mountPoint).Key, mountPoint, mountPoint)
    {
        Key = mountPoint.Key;
        Snapshotter = mountPoint.Snapshotter;
    }

    /// <summary>Refers to the snapshot that was made to mount an image.</summary>
    /// <param name="mountPoint">The mount point.</param>
    public ContainerSnapshotReference(ContainerImageMountPoint mountPoint)
        : base(Given(mountPoint).Key, mountPoint, mountPoint)
    {
        Key = mountPoint.Key;
        Snapshotter = mountPoint.Snapshotter;
    }

    /// <summary>The key; empty for an image, whose daemon is asked for it.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it; null when only its key was given.</summary>
    public string? Snapshotter { get; }
}
