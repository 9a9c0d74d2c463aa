namespace ContainerdPS.Sessions;

/// <summary>The open sessions of one runspace and which of them is the default.</summary>
internal sealed class SessionTable
{
    private readonly object gate = new();
    private readonly List<ContainerdSession> sessions = [];
    private ContainerdSession? chosen;

    /// <summary>The default session, opened on the default address when there is none.</summary>
    public ContainerdSession Default
    {
        get
        {
            lock (gate)
            {
                if (chosen is { State: ContainerdSessionState.Open } open)
                {
                    return open;
                }

                chosen = SessionFactory.Default();
                sessions.Add(chosen);
                return chosen;
            }
        }
    }

    /// <summary>The default session if there is one, without opening it.</summary>
    public ContainerdSession? DefaultOrNull
    {
        get
        {
            lock (gate)
            {
                return chosen is { State: ContainerdSessionState.Open } open ? open : null;
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

    public void Add(ContainerdSession session, bool asDefault)
    {
        lock (gate)
        {
            if (!sessions.Contains(session))
            {
                sessions.Add(session);
            }

            if (asDefault || chosen is not { State: ContainerdSessionState.Open })
            {
                chosen = session;
            }
        }
    }

    public void Remove(ContainerdSession session)
    {
        lock (gate)
        {
            sessions.Remove(session);
            if (ReferenceEquals(chosen, session))
            {
                chosen = null;
            }
        }
    }

    /// <summary>Closes every session: when the module is removed.</summary>
    public void CloseAll()
    {
        foreach (ContainerdSession session in All)
        {
            session.Dispose();
        }
    }
}
