namespace ContainerdPS;

/// <summary>A failed operation on a containerd daemon, or on something it works with.</summary>
public sealed class ContainerdException : Exception
{
    /// <summary>Makes a failure of a kind.</summary>
    /// <param name="code">Kind of the failure.</param>
    /// <param name="message">What happened, to which object, where, and what to do.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public ContainerdException(ContainerdErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Kind of the failure.</summary>
    public ContainerdErrorCode Code { get; }
}
