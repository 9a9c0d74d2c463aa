namespace ContainerdPS;

<<<<<<< HEAD
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
=======
/// <summary>The status codes a containerd operation can end with; the names and numbers are those of gRPC.</summary>
public enum ContainerdErrorCode
{
    /// <summary>Not one of the others.</summary>
    Unknown = 2,

    /// <summary>The caller stopped the operation.</summary>
    Cancelled = 1,

    /// <summary>A value is not acceptable, whatever the state of the daemon.</summary>
    InvalidArgument = 3,

    /// <summary>The operation took longer than it was given.</summary>
    DeadlineExceeded = 4,

    /// <summary>The object does not exist.</summary>
    NotFound = 5,

    /// <summary>An object of that name exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or size limit is reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The object is not in the state this needs.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation was given up, usually for a conflict.</summary>
    Aborted = 10,

    /// <summary>A position past the end.</summary>
    OutOfRange = 11,

    /// <summary>The daemon or the platform cannot do this.</summary>
    Unimplemented = 12,

    /// <summary>Something broke inside.</summary>
    Internal = 13,

    /// <summary>Nothing answers.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
>>>>>>> daemons
}
