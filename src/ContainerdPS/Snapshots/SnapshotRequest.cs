namespace ContainerdPS.Snapshots;

/// <summary>What snapshot is made, and on what.</summary>
internal sealed record SnapshotRequest
{
    public required SnapshotAddress Snapshot { get; init; }

    /// <summary>The key of the committed snapshot it lies on; empty for none.</summary>
    public string Parent { get; init; } = string.Empty;

    /// <summary>The image it lies on in place of a parent; its layers are unpacked where they are not.</summary>
    public string? Image { get; init; }

    /// <summary>It can only be read.</summary>
    public bool View { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}
