namespace ContainerdPS;

/// <summary>Whether a session can be used.</summary>
public enum ContainerdSessionState
{
    /// <summary>The session can be used; it reconnects by itself when the daemon was away.</summary>
    Open,

    /// <summary>The session was closed and cannot be used again.</summary>
    Closed,
}
