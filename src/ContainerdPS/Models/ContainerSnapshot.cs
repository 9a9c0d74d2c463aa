using System.Collections.ObjectModel;

namespace ContainerdPS;

/// <summary>
/// A snapshot: a file tree on top of its parent's, kept by a snapshotter, as it was when it was read. Pipe it to
/// Get-ContainerSnapshot to read it again.
/// </summary>
public sealed class ContainerSnapshot : ContainerdObject
{
    internal ContainerSnapshot(ContainerdSession session, string @namespace, string snapshotter, string key)
        : base(session, @namespace)
    {
        Snapshotter = snapshotter;
        Key = key;
    }

    /// <summary>The key, unique in its snapshotter; of an image's layer its chain id, of a container's root usually the container's id.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it, such as <c>overlayfs</c>.</summary>
    public string Snapshotter { get; }

    /// <summary>What can be done with it.</summary>
    public ContainerSnapshotKind Kind { get; internal init; }

    /// <summary>The key of the snapshot it lies on; null when it has none.</summary>
    public string? Parent { get; internal init; }

    /// <summary>How far below the top of the tree it was found, with -Tree; null otherwise.</summary>
    public int? Depth { get; internal init; }

    /// <summary>The lines of the tree before its key, with -Tree.</summary>
    internal string Branch { get; init; } = string.Empty;

    /// <summary>Where Mount-ContainerSnapshot has mounted it on this machine; empty for nowhere.</summary>
    public IReadOnlyList<string> MountPoints { get; internal init; } = [];

    /// <summary>The labels, by their full keys.</summary>
    public ReadOnlyDictionary<string, string> Labels { get; internal init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When it was made, in local time.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When its labels last changed, in local time.</summary>
    public DateTimeOffset UpdatedAt { get; internal init; }

    /// <summary>Gives the key.</summary>
    /// <returns>The value of <see cref="Key"/>.</returns>
    public override string ToString() => Key;
}
