namespace ContainerdPS.Images;

/// <summary>Something the daemon's garbage collection knows.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, digest, id or key.</param>
/// <param name="Snapshotter">The snapshotter of a snapshot; empty for the rest.</param>
internal readonly record struct GarbageNode(GarbageKind Kind, string Name, string Snapshotter = "")
{
    public static GarbageNode Blob(string digest) => new(GarbageKind.Blob, digest);

    public static GarbageNode Snapshot(string snapshotter, string key) => new(GarbageKind.Snapshot, key, snapshotter);

    public static GarbageNode Image(string name) => new(GarbageKind.Image, name);

    public static GarbageNode Container(string id) => new(GarbageKind.Container, id);

    public static GarbageNode Lease(string id) => new(GarbageKind.Lease, id);
}
