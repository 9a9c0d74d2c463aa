using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ContainerdPS.Sessions;

namespace ContainerdPS.Pipeline;

/// <summary>The table of sessions of each runspace.</summary>
internal static class RunspaceSessions
{
    private static readonly ConditionalWeakTable<Runspace, SessionTable> Tables = new();

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

            table = Tables.GetValue(runspace, static _ => new SessionTable());
            runspace.StateChanged += OnStateChanged;
            return table;
        }
    }

    /// <summary>
    /// Forgets the table of the runspace this thread works for, and gives it to be closed: when the module is removed.
    /// </summary>
    public static SessionTable? TakeCurrent() =>
        Runspace.DefaultRunspace is { } runspace && Forget(runspace) is { } table ? table : null;

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        // The sessions themselves stay open: objects that left the runspace, as those of ForEach-Object -Parallel do, use them.
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken && sender is Runspace runspace)
        {
            Forget(runspace);
        }
    }

    private static SessionTable? Forget(Runspace runspace)
    {
        runspace.StateChanged -= OnStateChanged;
        return Tables.TryGetValue(runspace, out SessionTable? table) && Tables.Remove(runspace) ? table : null;
    }
}
