namespace ContainerdPS;

/// <summary>
/// The task of a container: what runs, or ran, in it, as it was when it was read. Pipe it to Get-ContainerTask to read
/// it again.
/// </summary>
public sealed class ContainerTask : ContainerdObject
{
    internal ContainerTask(ContainerdSession session, string @namespace, string container)
        : base(session, @namespace) => Container = container;

    /// <summary>The id of the container, and so of its task.</summary>
    public string Container { get; }

    /// <summary>The state.</summary>
    public ContainerStatus Status { get; internal init; }

    /// <summary>The id of its first process on the daemon's host; 0 when there is none yet.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>The exit status of a stopped task (0 to 255); null in any other state.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>When a stopped task ended, in local time; null in any other state.</summary>
    public DateTimeOffset? ExitedAt { get; internal init; }

    /// <summary>Whether its first process has a terminal.</summary>
    public bool Terminal { get; internal init; }

    /// <summary>Where its input comes from: the path of a fifo on the daemon's host; empty for nowhere.</summary>
    public string StandardInput { get; internal init; } = string.Empty;

    /// <summary>Where its output goes: the path of a fifo, or a file:// or binary:// URI; empty for nowhere.</summary>
    public string StandardOutput { get; internal init; } = string.Empty;

    /// <summary>Where its error output goes, like its output.</summary>
    public string StandardError { get; internal init; } = string.Empty;

    /// <summary>Gives the container's id.</summary>
    /// <returns>The value of <see cref="Container"/>.</returns>
    public override string ToString() => Container;
}
