using ContainerdPS.Wire.RuncOptions;

namespace ContainerdPS.Checkpoints;

/// <summary>What is to be checkpointed, and how.</summary>
internal sealed record CheckpointRequest
{
    /// <summary>The container's id.</summary>
    public required string Container { get; init; }

    /// <summary>The full name of the image it becomes; null for a dump of the processes into the folder the options name.</summary>
    public string? Name { get; init; }

    /// <summary>The parts wanted, each of which has to be there; none for all there are.</summary>
    public CheckpointParts Parts { get; init; }

    /// <summary>Points a name that is there already at the checkpoint.</summary>
    public bool Replace { get; init; }

    /// <summary>Lets the task run on meanwhile.</summary>
    public bool NoPause { get; init; }

    /// <summary>How the processes are dumped.</summary>
    public CheckpointOptions Options { get; init; } = new() { FileLocks = true };

    /// <summary>An earlier checkpoint to build on: the name of its image, or the digest of its dump; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Told what is being done, while it is.</summary>
    public Action<string>? Progress { get; init; }
}
