namespace ContainerdPS;

/// <summary>What a daemon says of itself.</summary>
public sealed class ContainerdInfo : ContainerdObject
{
    internal ContainerdInfo(ContainerdSession session, string @namespace)
        : base(session, @namespace)
    {
    }

    /// <summary>Where the daemon listens.</summary>
    public string Address => Session.Address;

    /// <summary>The release, such as <c>1.6.20</c> or <c>2.1.9</c>, without a leading v.</summary>
    public required string Version { get; init; }

    /// <summary>The commit or package it was built from.</summary>
    public required string Revision { get; init; }

    /// <summary>The id the daemon gave itself when its root was made.</summary>
    public required string Uuid { get; init; }

    /// <summary>Its process id; null before containerd 1.7, which does not tell.</summary>
    public long? ProcessId { get; init; }

    /// <summary>The platforms its runtime can run, such as <c>linux/amd64</c>.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary>The snapshotters that work.</summary>
    public required IReadOnlyList<string> Snapshotters { get; init; }

    /// <summary>The snapshotter containers of this namespace get.</summary>
    public required string DefaultSnapshotter { get; init; }

    /// <summary>The runtime containers of this namespace get.</summary>
    public required string DefaultRuntime { get; init; }

    /// <summary>
    /// What it can do that not every release can: Transfer, Streaming, Sandbox, Mounts, by the names of the services.
    /// </summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>The deprecated features in use there, with advice; empty where it has none to tell.</summary>
    public required IReadOnlyList<ContainerdDeprecation> Deprecations { get; init; }

    /// <summary>The plugins that failed to load, with the reason.</summary>
    public required IReadOnlyList<string> FailedPlugins { get; init; }

    /// <summary>Gives <c>containerd VERSION</c>.</summary>
    /// <returns>The name and the release.</returns>
    public override string ToString() => $"containerd {Version}";
}
