namespace ContainerdPS;

/// <summary>
/// The one exception of this module: a failed call, an unreachable daemon or input that cannot be used. The message
/// says what happened, to which object, where, and what to do about it.
/// </summary>
public sealed class ContainerdException : Exception
{
    /// <summary>Creates an exception with the code <see cref="ContainerdErrorCode.Unknown"/>.</summary>
    public ContainerdException()
    {
    }

    /// <summary>Creates an exception with the code <see cref="ContainerdErrorCode.Unknown"/>.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    public ContainerdException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with the code <see cref="ContainerdErrorCode.Unknown"/>.</summary>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">What caused it.</param>
    public ContainerdException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception of a given code.</summary>
    /// <param name="code">What kind of failure it is.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="inner">What caused it.</param>
    public ContainerdException(ContainerdErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>What kind of failure it is.</summary>
    public ContainerdErrorCode Code { get; }

    /// <summary>
    /// A stable name for this failure where the code alone does not tell it from others, such as
    /// <c>SocketNotFound</c>; null where the code says it all.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>The kind of object it is about, in lower case, such as <c>container</c>; null when it is about none.</summary>
    public string? ObjectKind { get; init; }

    /// <summary>The id, name or digest of the object it is about; null when it is about none.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The daemon's own words, without ours; null when no daemon was asked.</summary>
    public string? DaemonMessage { get; init; }

    /// <summary>What could not be done, to which object, where the message begins with it; null where it does not.</summary>
    internal string? Undone { get; init; }

    /// <summary>Whether the daemon may have done what it was asked for: its answer is what is missing.</summary>
    internal bool IsOutcomeUnknown => Code is ContainerdErrorCode.DeadlineExceeded or ContainerdErrorCode.Unavailable or ContainerdErrorCode.Cancelled;

    internal ContainerdException About(string kind, string id) => new(Code, Message, InnerException)
    {
        Reason = Reason,
        DaemonMessage = DaemonMessage,
        Undone = Undone,
        ObjectKind = kind,
        ObjectId = id,
    };
}
