namespace ContainerdPS;

/// <summary>A containerd operation failed; the message says what happened, to what, and what to do.</summary>
public sealed class ContainerdException : Exception
{
    /// <summary>Makes an error of a known kind.</summary>
    public ContainerdException(ContainerdErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>What kind of failure this is.</summary>
    public ContainerdErrorCode Code { get; }
}
