namespace ContainerdPS;

/// <summary>A failure of containerd, or on the way to it. The message is a complete sentence for a person.</summary>
public sealed class ContainerdException : Exception
{
    /// <summary>Makes an exception of a code and a message.</summary>
    public ContainerdException(ContainerdErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>What kind of failure this is.</summary>
    public ContainerdErrorCode Code { get; }
}
