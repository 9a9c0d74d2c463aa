namespace ContainerdPS;

/// <summary>How a run of a container went, from Invoke-Container -PassThru.</summary>
public sealed class ContainerResult
{
    /// <summary>The id the container had.</summary>
    public required string Container { get; init; }

    /// <summary>The image it was made from.</summary>
    public required string Image { get; init; }

    /// <summary>The exit status, 0 to 255; 128 and the signal's number when a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The lines of its output.</summary>
    public required IReadOnlyList<string> Output { get; init; }

    /// <summary>The lines of its error output.</summary>
    public required IReadOnlyList<string> Error { get; init; }

    /// <summary>When its process was started, in local time.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its process ended, in local time.</summary>
    public required DateTimeOffset ExitedAt { get; init; }

    /// <summary>How long its process ran.</summary>
    public TimeSpan Duration => ExitedAt > StartedAt ? ExitedAt - StartedAt : TimeSpan.Zero;
}
