namespace ContainerdPS.Checkpoints;

/// <summary>What of a container a checkpoint holds.</summary>
[Flags]
internal enum CheckpointParts
{
    None = 0,

    /// <summary>The image the container was made of, as far as its content is here.</summary>
    Image = 1,

    /// <summary>The runtime's options and, where the task does not bring it, the container's spec.</summary>
    Runtime = 2,

    /// <summary>What the container has changed of its image's files.</summary>
    ReadWriteLayer = 4,

    /// <summary>The processes with their memory, and the container's spec.</summary>
    Task = 8,
}
