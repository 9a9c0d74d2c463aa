namespace ContainerdPS;

/// <summary>The state of a container's task, or that it has none.</summary>
public enum ContainerStatus
{
    /// <summary>The daemon could not tell, usually because the shim does not answer.</summary>
    Unknown,

    /// <summary>The container has no task: nothing runs, and nothing is kept of an earlier run but its snapshot.</summary>
    NoTask,

    /// <summary>The task is created, its process not yet started.</summary>
    Created,

    /// <summary>The process runs.</summary>
    Running,

    /// <summary>The process has ended; the task still holds its exit status.</summary>
    Stopped,

    /// <summary>All processes are frozen.</summary>
    Paused,

    /// <summary>The processes are being frozen.</summary>
    Pausing,
}
