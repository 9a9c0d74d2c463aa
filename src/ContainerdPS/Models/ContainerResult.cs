namespace ContainerdPS;

/// <summary>How a run of a container or of a command in it went, from Invoke-Container, Invoke-ContainerCommand or Receive-ContainerTask with -PassThru.</summary>
public sealed class ContainerResult
{
    /// <summary>The id the container had.</summary>
    public required string Container { get; init; }

    /// <summary>The image the container was made from; empty when it was made from no image.</summary>
    public required string Image { get; init; }

    /// <summary>The command line that ran.</summary>
    public required string Command { get; init; }

    /// <summary>The exit status, 0 to 255; 128 and the signal's number when a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The lines of its output.</summary>
    public required IReadOnlyList<string> Output { get; init; }

    /// <summary>The lines of its error output.</summary>
    public required IReadOnlyList<string> Error { get; init; }

    /// <summary>When the daemon was asked to start its process, in local time of this host; when it ended, where the start is not known any more.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its process ended, in local time, by the clock of the daemon's host.</summary>
    public required DateTimeOffset ExitedAt { get; init; }

    /// <summary>How long it took from asking for the start to the end of the process: starting takes the runtime some milliseconds.</summary>
    public TimeSpan Duration => ExitedAt > StartedAt ? ExitedAt - StartedAt : TimeSpan.Zero;
}
