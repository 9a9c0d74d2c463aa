using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ContainerdPS.Sessions;

namespace ContainerdPS.Pipeline;

/// <summary>
/// The table of sessions of each runspace. Those that have chosen no default, such as the ones of ForEach-Object
/// -Parallel, use the one of the runspace that came first: a command must not go to another daemon because it runs beside.
/// </summary>
internal static class RunspaceSessions
{
    private static readonly ConditionalWeakTable<Runspace, SessionTable> Tables = new();
    private static readonly object Gate = new();
    private static readonly List<string> Orphans = [];
    private static SessionTable? first;

    /// <summary>The table of the runspace this thread works for.</summary>
    public static SessionTable Current
    {
        get
        {
            Runspace runspace = Runspace.DefaultRunspace
                ?? throw new InvalidOperationException("A ContainerdPS command was called on a thread that has no runspace.");
            if (Tables.TryGetValue(runspace, out SessionTable? table))
            {
                return table;
            }

            table = Tables.GetValue(runspace, static _ => Make());
            runspace.StateChanged += OnStateChanged;
            return table;
        }
    }

    /// <summary>Forgets the runspace this thread works for, as the module is removed from it.</summary>
    /// <returns>Its table, and the addresses of the private daemons that are nobody else's to stop; null when it has used no session.</returns>
    public static (SessionTable Table, IReadOnlyList<string> Daemons)? TakeCurrent()
    {
        if (Runspace.DefaultRunspace is not { } runspace || Forget(runspace) is not { } table)
        {
            return null;
        }

        lock (Gate)
        {
            // What a runspace that is gone had started is left to whoever removes the module next.
            string[] daemons = [.. table.Daemons, .. Orphans];
            Orphans.Clear();
            return (table, daemons);
        }
    }

    private static SessionTable Make()
    {
        SessionTable? made = null;
        made = new SessionTable(() =>
        {
            SessionTable? other;
            lock (Gate)
            {
                other = first;
            }

            return ReferenceEquals(other, made) ? null : other?.Chosen;
        });
        lock (Gate)
        {
            first ??= made;
        }

        return made;
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken && sender is Runspace runspace && Forget(runspace) is { } table)
        {
            lock (Gate)
            {
                Orphans.AddRange(table.Daemons);
            }

            // The sessions themselves stay open: objects that left the runspace, as those of ForEach-Object -Parallel do, use them.
            table.RemoveAll(close: false);
        }
    }

    private static SessionTable? Forget(Runspace runspace)
    {
        runspace.StateChanged -= OnStateChanged;
        if (!Tables.TryGetValue(runspace, out SessionTable? table) || !Tables.Remove(runspace))
        {
            return null;
        }

        lock (Gate)
        {
            if (ReferenceEquals(first, table))
            {
                first = null;
            }
        }

        return table;
    }
}
