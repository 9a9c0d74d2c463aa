namespace ContainerdPS.Mounts;

/// <summary>What is remembered of a mount of ours, so that any shell of this machine can end it.</summary>
internal sealed record MountRecord
{
    /// <summary>The mount point.</summary>
    public required string Path { get; init; }

    /// <summary>The kernel's number of the mount; it tells a mount of ours from one made there since.</summary>
    public required int Id { get; init; }

    /// <summary>The type of the filesystem: the kernel gives the number of a mount that has ended to the next one.</summary>
    public string? Type { get; init; }

    /// <summary>What of the filesystem is mounted.</summary>
    public string? Root { get; init; }

    /// <summary>Mount points below it that belong to the same snapshot, in the order they were made.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <summary>The mount namespace it was made in: to the others it is not there, or is a copy that has a life of its own.</summary>
    public required string MountNamespace { get; init; }

    /// <summary>The address of the daemon.</summary>
    public required string Address { get; init; }

    public required string Namespace { get; init; }

    public required string Snapshotter { get; init; }

    /// <summary>The key of the snapshot that was asked for.</summary>
    public required string Key { get; init; }

    /// <summary>The image whose files these are; null when a snapshot was asked for.</summary>
    public string? Image { get; init; }

    /// <summary>The snapshot that was made for it, and goes with it; null when it could be mounted itself.</summary>
    public string? View { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The folders that were made for the mount and go with it, the innermost first.</summary>
    public IReadOnlyList<string> OwnFolders { get; init; } = [];

    public required DateTimeOffset MountedAt { get; init; }

    /// <summary>What is mounted, in words.</summary>
    public string Describe() => Image is null ? $"snapshot '{Key}' of '{Snapshotter}'" : $"image '{Image}'";

    /// <summary>Whether a mount is the one that was noted, and not one of somebody else's in its place.</summary>
    public bool IsOf(MountEntry mount) =>
        mount.Id == Id && mount.Path == Path && (Type is null || Type == mount.Type) && (Root is null || Root == mount.Root);
}
