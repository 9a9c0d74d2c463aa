namespace ContainerdPS.Images;

/// <summary>The kinds of things the daemon's garbage collection knows.</summary>
internal enum GarbageKind
{
    Blob,
    Snapshot,
    Image,
    Container,
    Lease,
}
