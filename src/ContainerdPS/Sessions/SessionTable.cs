namespace ContainerdPS.Sessions;

/// <summary>The sessions that one runspace uses, which of them is its default, and the private daemons it started.</summary>
/// <param name="inherited">The default of the runspace that came first, for one that has chosen none.</param>
internal sealed class SessionTable(Func<ContainerdSession?> inherited)
{
    private readonly object gate = new();
    private readonly List<ContainerdSession> sessions = [];
    private readonly List<string> daemons = [];
    private ContainerdSession? chosen;
    private bool followsEnvironment;

    /// <summary>
    /// The default session: the one chosen here, else the inherited one, else one that is opened on the default address.
    /// One that was opened so is left when the environment comes to name another address or namespace.
    /// </summary>
    public ContainerdSession Default
    {
        get
        {
            if (Chosen is { } open)
            {
                return open;
            }

            ContainerdSession? given = inherited();
            ContainerdSession found = given ?? SessionFactory.Default();
            Add(found, asDefault: true);
            lock (gate)
            {
                followsEnvironment = given is null && ReferenceEquals(chosen, found);
            }

            return found;
        }
    }

    /// <summary>The default session if there is one, without opening it.</summary>
    public ContainerdSession? DefaultOrNull => Chosen ?? inherited();

    /// <summary>The default session this runspace has, and no other: what a command may close.</summary>
    public ContainerdSession? Chosen
    {
        get
        {
            lock (gate)
            {
                return chosen is { State: ContainerdSessionState.Open } open && !(followsEnvironment && !SessionFactory.IsDefault(open)) ? open : null;
            }
        }
    }

    public IReadOnlyList<ContainerdSession> All
    {
        get
        {
            lock (gate)
            {
                sessions.RemoveAll(static session => session.State == ContainerdSessionState.Closed);
                return sessions.ToArray();
            }
        }
    }

    /// <summary>The addresses of the private daemons started here, stopped ones among them.</summary>
    public IReadOnlyList<string> Daemons
    {
        get
        {
            lock (gate)
            {
                return daemons.ToArray();
            }
        }
    }

    public void Add(ContainerdSession session, bool asDefault)
    {
        lock (gate)
        {
            if (!sessions.Contains(session))
            {
                sessions.Add(session);
                _ = session.Id;
                session.Retain();
            }

            if (asDefault)
            {
                chosen = session;
                followsEnvironment = false;
            }
        }
    }

    /// <summary>Takes the session to a private daemon that was started here.</summary>
    public void AddDaemon(ContainerdSession session, bool asDefault)
    {
        lock (gate)
        {
            daemons.Add(session.Address);
        }

        Add(session, asDefault);
    }

    /// <summary>Uses a session no more.</summary>
    /// <returns>Whether no other runspace uses it.</returns>
    public bool Remove(ContainerdSession session)
    {
        lock (gate)
        {
            if (ReferenceEquals(chosen, session))
            {
                chosen = null;
            }

            return sessions.Remove(session) ? session.Release() : !session.IsUsed;
        }
    }

    /// <summary>Uses none any more, and closes those that no other runspace uses where that is wanted.</summary>
    public void RemoveAll(bool close)
    {
        foreach (ContainerdSession session in All)
        {
            if (Remove(session) && close)
            {
                session.Dispose();
            }
        }
    }
}
