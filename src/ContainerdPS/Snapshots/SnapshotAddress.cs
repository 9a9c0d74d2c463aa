namespace ContainerdPS.Snapshots;

/// <summary>A snapshot of one snapshotter.</summary>
internal readonly record struct SnapshotAddress(string Snapshotter, string Key)
{
    public override string ToString() => $"'{Key}' of the snapshotter '{Snapshotter}'";
}
