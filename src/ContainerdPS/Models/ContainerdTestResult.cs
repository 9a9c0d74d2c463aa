namespace ContainerdPS;

/// <summary>What Test-Containerd -Detailed found.</summary>
public sealed class ContainerdTestResult
{
    /// <summary>Where the daemon was looked for.</summary>
    public required string Address { get; init; }

    /// <summary>Whether a containerd answers there and serves its API.</summary>
    public required bool Serving { get; init; }

    /// <summary>The release of the daemon; null when it does not serve.</summary>
    public string? Version { get; init; }

    /// <summary>How long connecting and one call took.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// Why it does not serve, as one word: SocketNotFound, SocketAccessDenied, NothingListening, NotASocket,
    /// NotAContainerd, DeadlineExceeded and the like; null when it serves.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Why it does not serve, in words; null when it serves.</summary>
    public string? Message { get; init; }
}
