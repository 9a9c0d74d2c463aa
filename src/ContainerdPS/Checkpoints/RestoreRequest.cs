using ContainerdPS.Oci;
using ContainerdPS.Processes;

namespace ContainerdPS.Checkpoints;

/// <summary>What is restored, and as what.</summary>
internal sealed record RestoreRequest
{
    /// <summary>The name of the checkpoint, full or short.</summary>
    public required string From { get; init; }

    /// <summary>The id of the container; null for the one the checkpoint was made of.</summary>
    public string? Id { get; init; }

    /// <summary>Leaves out what the container had changed of its image's files.</summary>
    public bool NoReadWriteLayer { get; init; }

    /// <summary>Has the processes go on where they were; null for a container without a task.</summary>
    public TaskRequest? Live { get; init; }

    /// <summary>A whole spec instead of the checkpoint's.</summary>
    public RuntimeSpec? Spec { get; init; }

    /// <summary>The last word on the spec.</summary>
    public Func<RuntimeSpec, Task<RuntimeSpec>>? Edit { get; init; }

    /// <summary>The runtime; null for the checkpoint's.</summary>
    public string? Runtime { get; init; }

    /// <summary>The snapshotter; null for the checkpoint's.</summary>
    public string? Snapshotter { get; init; }

    /// <summary>Labels over those of the checkpoint.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Told what the caller should know, in whole sentences.</summary>
    public Action<string>? Notice { get; init; }
}
