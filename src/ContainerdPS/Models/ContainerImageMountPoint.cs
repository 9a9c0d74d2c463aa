using ContainerdPS.Oci;

namespace ContainerdPS;

/// <summary>A folder of this machine at which Mount-ContainerImage has mounted the files of an image.</summary>
public sealed class ContainerImageMountPoint : ContainerdObject
{
    internal ContainerImageMountPoint(ContainerdSession session, string @namespace, string image)
        : base(session, @namespace) => Image = image;

    /// <summary>The folder. Get-ChildItem and the like take the object for it.</summary>
    public string Path { get; internal init; } = string.Empty;

    /// <summary>The name of the image.</summary>
    public string Image { get; }

    /// <summary>The platform its files are for.</summary>
    public OciPlatform? Platform { get; internal init; }

    /// <summary>The snapshotter that keeps them.</summary>
    public string Snapshotter { get; internal init; } = string.Empty;

    /// <summary>The key of the snapshot that was made for the mount, and goes with it.</summary>
    public string Key { get; internal init; } = string.Empty;

    /// <summary>Whether nothing can be written there.</summary>
    public bool ReadOnly { get; internal init; }

    /// <summary>When it was mounted, in local time.</summary>
    public DateTimeOffset MountedAt { get; internal init; }

    /// <summary>Gives the folder.</summary>
    /// <returns>The value of <see cref="Path"/>.</returns>
    public override string ToString() => Path;
}
