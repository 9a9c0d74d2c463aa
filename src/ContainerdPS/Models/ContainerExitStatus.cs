namespace ContainerdPS;

/// <summary>How a task, or a further process of it, ended.</summary>
public sealed class ContainerExitStatus : ContainerdObject
{
    internal ContainerExitStatus(ContainerdSession session, string @namespace, string container)
        : base(session, @namespace) => Container = container;

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The id of the further process; empty for the task itself.</summary>
    public string Process { get; internal init; } = string.Empty;

    /// <summary>The exit status, 0 to 255; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode { get; internal init; }

    /// <summary>When it ended, in local time; null when the daemon does not know.</summary>
    public DateTimeOffset? ExitedAt { get; internal init; }

    /// <summary>Gives the exit status.</summary>
    /// <returns>The value of <see cref="ExitCode"/>.</returns>
    public override string ToString() => ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
