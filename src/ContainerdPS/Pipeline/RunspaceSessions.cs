using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using ContainerdPS.Sessions;

namespace ContainerdPS.Pipeline;

/// <summary>The table of sessions of each runspace. A runspace that closes closes its sessions.</summary>
internal static class RunspaceSessions
{
    private static readonly ConcurrentDictionary<Guid, SessionTable> Tables = new();

    /// <summary>The table of the runspace this thread works for.</summary>
    public static SessionTable Current
    {
        get
        {
            Runspace runspace = Runspace.DefaultRunspace
                ?? throw new InvalidOperationException("A ContainerdPS command was called on a thread that has no runspace.");
            if (Tables.TryGetValue(runspace.InstanceId, out SessionTable? table))
            {
                return table;
            }

            table = Tables.GetOrAdd(runspace.InstanceId, static _ => new SessionTable());
            runspace.StateChanged += OnStateChanged;
            return table;
        }
    }

    /// <summary>Closes the sessions of the runspace this thread works for: when the module is removed from it.</summary>
    public static void CloseCurrent()
    {
        if (Runspace.DefaultRunspace is { } runspace)
        {
            Close(runspace);
        }
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken && sender is Runspace runspace)
        {
            Close(runspace);
        }
    }

    private static void Close(Runspace runspace)
    {
        runspace.StateChanged -= OnStateChanged;
        if (Tables.TryRemove(runspace.InstanceId, out SessionTable? table))
        {
            table.Dispose();
        }
    }
}
