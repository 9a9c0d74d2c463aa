namespace ContainerdPS.Tests.Faults;

/// <summary>How a call fails.</summary>
public enum Fault
{
    /// <summary>It is refused, and nothing was done.</summary>
    Refused,

    /// <summary>It is done, and its answer comes too late.</summary>
    AnsweredTooLate,

    /// <summary>It is done, and the connection breaks before its answer.</summary>
    Broken,

    /// <summary>It is done, and the caller gives up before its answer, which does not come.</summary>
    Cancelled,

    /// <summary>It is done and answered, and the caller has given up meanwhile.</summary>
    Stopped,
}
