namespace ContainerdPS;

/// <summary>What kind of failure a <see cref="ContainerdException"/> is; the names are those of the gRPC status codes.</summary>
public enum ContainerdErrorCode
{
    /// <summary>The kind is not known.</summary>
    Unknown,

    /// <summary>The operation was cancelled.</summary>
    Cancelled,

    /// <summary>An argument is not valid.</summary>
    InvalidArgument,

    /// <summary>The operation took too long.</summary>
    DeadlineExceeded,

    /// <summary>The object does not exist.</summary>
    NotFound,

    /// <summary>The object exists already.</summary>
    AlreadyExists,

    /// <summary>The operation is not permitted.</summary>
    PermissionDenied,

    /// <summary>A limit or a quota is reached.</summary>
    ResourceExhausted,

    /// <summary>The object is not in the state the operation needs.</summary>
    FailedPrecondition,

    /// <summary>The operation was aborted.</summary>
    Aborted,

    /// <summary>A value is outside its range.</summary>
    OutOfRange,

    /// <summary>The daemon or the module does not support the operation.</summary>
    Unimplemented,

    /// <summary>Something inside failed.</summary>
    Internal,

    /// <summary>The daemon cannot be reached.</summary>
    Unavailable,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss,

    /// <summary>Credentials are missing or wrong.</summary>
    Unauthenticated,
}
