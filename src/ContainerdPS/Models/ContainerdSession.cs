namespace ContainerdPS;

/// <summary>
/// A connection to one containerd daemon. It is opened by Connect-Containerd, by Start-ContainerdDaemon, or by the
/// first command that needs the default address, and may be used from many runspaces at once.
/// </summary>
public sealed class ContainerdSession : IDisposable
{
    private static int lastId;
    private readonly Lazy<int> id = new(static () => Interlocked.Increment(ref lastId));
    private int closed;
    private int users;

    internal ContainerdSession(string address, string @namespace, TimeSpan timeout, IDisposable connection)
    {
        Address = address;
        Namespace = @namespace;
        Timeout = timeout;
        Connection = connection;
    }

    /// <summary>A number that tells this session from the others of this process.</summary>
    /// <remarks>Given when it is first asked for: what only tries an address takes none.</remarks>
    public int Id => id.Value;

    /// <summary>Where the daemon listens: the path of a unix socket, or of a named pipe.</summary>
    public string Address { get; }

    /// <summary>The containerd namespace used where a command is given none.</summary>
    public string Namespace { get; }

    /// <summary>How long one short call may take before it fails; waiting, unpacking and streaming have no limit.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>When the session was opened, in local time.</summary>
    public DateTimeOffset OpenedAt { get; } = DateTimeOffset.Now;

    /// <summary>Whether the session can still be used; a daemon that went away does not close a session.</summary>
    public ContainerdSessionState State => Volatile.Read(ref closed) == 0 ? ContainerdSessionState.Open : ContainerdSessionState.Closed;

    /// <summary>The private daemon that Start-ContainerdDaemon started for this session; null for any other daemon.</summary>
    public ContainerdDaemon? Daemon { get; internal init; }

    internal IDisposable Connection { get; }

    /// <summary>Whether the daemon runs on this host, so that its files and processes can be reached: sockets and pipes are of one host.</summary>
    internal bool IsLocal => Address.StartsWith('/') || Address.StartsWith('\\');

    /// <summary>Whether a runspace uses it.</summary>
    internal bool IsUsed => Volatile.Read(ref users) > 0;

    /// <summary>A further runspace uses it.</summary>
    internal void Retain() => Interlocked.Increment(ref users);

    /// <summary>A runspace uses it no more.</summary>
    /// <returns>Whether that was the last.</returns>
    internal bool Release() => Interlocked.Decrement(ref users) == 0;

    /// <summary>Closes the connection. Disconnect-Containerd does the same and also forgets the session.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref closed, 1) == 0)
        {
            Connection.Dispose();
        }
    }

    /// <summary>Gives the address.</summary>
    /// <returns>The value of <see cref="Address"/>.</returns>
    public override string ToString() => Address;
}
