namespace ContainerdPS;

/// <summary>What kind of failure a <see cref="ContainerdException"/> is: the gRPC status codes by their names.</summary>
public enum ContainerdErrorCode
{
    /// <summary>The daemon or runtime gave no better code (many shim errors come this way).</summary>
    Unknown,

    /// <summary>The operation was cancelled by the caller.</summary>
    Cancelled,

    /// <summary>A value given is not acceptable, whatever the state of the daemon.</summary>
    InvalidArgument,

    /// <summary>The call took longer than the session's timeout.</summary>
    DeadlineExceeded,

    /// <summary>The object named does not exist.</summary>
    NotFound,

    /// <summary>An object of that name exists already.</summary>
    AlreadyExists,

    /// <summary>The caller may not do this, or may not open the daemon's socket.</summary>
    PermissionDenied,

    /// <summary>A limit (message size, disk, memory) was reached.</summary>
    ResourceExhausted,

    /// <summary>The object is not in a state that allows the operation.</summary>
    FailedPrecondition,

    /// <summary>The operation was aborted, usually by a concurrent one.</summary>
    Aborted,

    /// <summary>An offset or range lies outside the object.</summary>
    OutOfRange,

    /// <summary>The daemon, or this platform, has no such operation.</summary>
    Unimplemented,

    /// <summary>An invariant of the daemon was broken.</summary>
    Internal,

    /// <summary>The daemon cannot be reached.</summary>
    Unavailable,

    /// <summary>Data is lost or corrupt, such as a blob with the wrong digest.</summary>
    DataLoss,

    /// <summary>The caller has no valid credentials.</summary>
    Unauthenticated,
}
