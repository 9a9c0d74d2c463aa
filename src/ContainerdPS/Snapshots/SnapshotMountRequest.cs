namespace ContainerdPS.Snapshots;

/// <summary>What is mounted where, and how.</summary>
internal sealed record SnapshotMountRequest
{
    public required SnapshotAddress Snapshot { get; init; }

    /// <summary>The folder, absolute; null for a new one of its own.</summary>
    public string? Path { get; init; }

    /// <summary>The image whose files these are; null where a snapshot is asked for.</summary>
    public string? Image { get; init; }

    /// <summary>Nothing can be written there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Further options, which overrule the others.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Mounts over what a folder holds, and what a running container uses.</summary>
    public bool Force { get; init; }
}
