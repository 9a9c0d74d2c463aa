namespace ContainerdPS.Processes;

/// <summary>What to execute in a running container. What is not given is as the container's first process has it.</summary>
internal sealed record ExecRequest
{
    /// <summary>The id to execute it by; null makes one.</summary>
    public string? Id { get; init; }

    /// <summary>The command, one text an argument; empty for the shell of the user it runs as.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary><c>NAME=VALUE</c> to set, <c>NAME</c> to remove.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>A user: name, uid, name:group or uid:gid.</summary>
    public string? User { get; init; }

    public bool Terminal { get; init; }

    /// <summary>All capabilities, as a privileged container has.</summary>
    public bool Privileged { get; init; }
}
