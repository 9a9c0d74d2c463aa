namespace ContainerdPS.Daemons;

/// <summary>All private daemons of this process, so that none outlives the module or the shell.</summary>
internal static class PrivateDaemons
{
    // What a shell may take to exit; the watchdogs go on by themselves when it is not enough.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private static readonly object Gate = new();
    private static readonly List<PrivateDaemon> Running = [];
    private static bool _hooked;

    /// <summary>The daemons that were started and not stopped, those that died by themselves among them.</summary>
    public static IReadOnlyList<PrivateDaemon> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Running];
            }
        }
    }

    /// <summary>Stops every daemon, all at the same time.</summary>
    /// <exception cref="ContainerdException">Something could not be removed; all were tried.</exception>
    public static async Task StopAllAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var stops = All.Select(daemon => daemon.StopAsync(timeout, cancellationToken)).ToList();
        var failures = new List<ContainerdException>();
        foreach (var stop in stops)
        {
            try
            {
                await stop.ConfigureAwait(false);
            }
            catch (ContainerdException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count == 1)
        {
            throw failures[0];
        }

        if (failures.Count > 1)
        {
            throw new ContainerdException(
                ContainerdErrorCode.Internal,
                string.Join('\n', failures.Select(failure => failure.Message)),
                new AggregateException(failures)) { Reason = "DaemonNotRemoved" };
        }
    }

    internal static void Add(PrivateDaemon daemon)
    {
        lock (Gate)
        {
            Running.Add(daemon);
            if (!_hooked)
            {
                AppDomain.CurrentDomain.ProcessExit += (_, _) => ReleaseAll();
                _hooked = true;
            }
        }
    }

    internal static void Remove(PrivateDaemon daemon)
    {
        lock (Gate)
        {
            Running.Remove(daemon);
        }
    }

    // Nothing can be awaited here. The watchdogs do the work, all at once; waiting for them makes it complete by the time
    // the shell is gone.
    private static void ReleaseAll()
    {
        var daemons = All;
        foreach (var daemon in daemons)
        {
            daemon.LeaveToWatchdog();
        }

        var deadline = Environment.TickCount64 + (long)ExitTimeout.TotalMilliseconds;
        foreach (var daemon in daemons)
        {
            daemon.JoinWatchdog(TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64)));
        }
    }
}
