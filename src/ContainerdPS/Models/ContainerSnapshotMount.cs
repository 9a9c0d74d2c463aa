namespace ContainerdPS;

/// <summary>One mount that makes a snapshot's file tree appear, as its snapshotter gives it.</summary>
public sealed class ContainerSnapshotMount : ContainerdObject
{
    internal ContainerSnapshotMount(ContainerdSession session, string @namespace, string snapshotter, string key)
        : base(session, @namespace)
    {
        Snapshotter = snapshotter;
        Key = key;
    }

    /// <summary>The key of the snapshot.</summary>
    public string Key { get; }

    /// <summary>The snapshotter that keeps it.</summary>
    public string Snapshotter { get; }

    /// <summary>The type of the filesystem, such as <c>overlay</c> or <c>bind</c>.</summary>
    public string Type { get; internal init; } = string.Empty;

    /// <summary>The folder or device on the daemon's host that is mounted.</summary>
    public string Source { get; internal init; } = string.Empty;

    /// <summary>The folder below the mount point it is mounted at; empty for the mount point itself.</summary>
    public string Target { get; internal init; } = string.Empty;

    /// <summary>The options, such as <c>ro</c> or <c>lowerdir=A:B</c>.</summary>
    public IReadOnlyList<string> Options { get; internal init; } = [];

    /// <summary>Gives the command that would mount it.</summary>
    /// <returns>A command line of <c>mount</c> up to the mount point.</returns>
    public override string ToString() => $"mount -t {Type} {Source}{(Options.Count > 0 ? $" -o {string.Join(',', Options)}" : string.Empty)}";
}
