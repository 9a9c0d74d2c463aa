namespace ContainerdPS;

/// <summary>What kind of failure a <see cref="ContainerdException"/> is; the names and numbers are gRPC's status codes.</summary>
public enum ContainerdErrorCode
{
    /// <summary>The operation was cancelled by its caller.</summary>
    Cancelled = 1,
    /// <summary>The failure carries no better code.</summary>
    Unknown = 2,
    /// <summary>An argument is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,
    /// <summary>The time given was over before the operation was.</summary>
    DeadlineExceeded = 4,
    /// <summary>The object does not exist.</summary>
    NotFound = 5,
    /// <summary>An object of that name exists already.</summary>
    AlreadyExists = 6,
    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,
    /// <summary>A limit, a quota or space is used up.</summary>
    ResourceExhausted = 8,
    /// <summary>The object's state does not allow the operation.</summary>
    FailedPrecondition = 9,
    /// <summary>The operation lost against a concurrent one.</summary>
    Aborted = 10,
    /// <summary>A value lies outside its range.</summary>
    OutOfRange = 11,
    /// <summary>The daemon or this platform does not have the operation.</summary>
    Unimplemented = 12,
    /// <summary>Something inside is broken.</summary>
    Internal = 13,
    /// <summary>The daemon cannot be reached at the moment.</summary>
    Unavailable = 14,
    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,
    /// <summary>The caller has not proved who it is.</summary>
    Unauthenticated = 16,
}
