namespace ContainerdPS;

/// <summary>A process in a container: its first, one executed in it, or one that these have started.</summary>
public sealed class ContainerProcess : ContainerdObject
{
    internal ContainerProcess(ContainerdSession session, string @namespace, string container, string id)
        : base(session, @namespace)
    {
        Container = container;
        Id = id;
    }

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The id it was executed by; empty for the first process and for those that were not executed by an id.</summary>
    public string Id { get; }

    /// <summary>The process id on the daemon's host; 0 before it is started.</summary>
    public int ProcessId { get; internal init; }

    /// <summary>The state; that of a process that was not executed by an id is Running.</summary>
    public ContainerStatus Status { get; internal init; }

    /// <summary>The exit status of one that has ended (0 to 255); null in any other state.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>When it ended, in local time; null in any other state.</summary>
    public DateTimeOffset? ExitedAt { get; internal init; }

    /// <summary>Its command line; null when it cannot be read, such as on another host.</summary>
    public string? Command { get; internal init; }

    /// <summary>Gives the id, or the process id of one without.</summary>
    /// <returns>The value of <see cref="Id"/> or <see cref="ProcessId"/>.</returns>
    public override string ToString() => Id.Length > 0 ? Id : ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
