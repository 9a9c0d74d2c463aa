using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;

namespace ContainerdPS.Processes;

/// <summary>Waits for the end of a process, also over a restart of the daemon: its processes go on without it.</summary>
internal static class ProcessExit
{
    /// <summary>How long a daemon may be away before a wait is given up.</summary>
    private static readonly TimeSpan AbsenceLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long it may be away in silence: a restart is mostly over by then.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public static async Task<WaitResponse> WaitAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        while (true)
        {
            ContainerdException lost;
            try
            {
                return await client.Tasks.WaitAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.Unavailable && e.Reason == "ConnectionLost")
            {
                lost = e;
            }

            await ReturnAsync(client, address, lost, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReturnAsync(NamespaceClient client, ProcessAddress address, ContainerdException lost, CancellationToken cancellationToken)
    {
        long since = Environment.TickCount64;
        while (true)
        {
            await Task.Delay(Pace, cancellationToken).ConfigureAwait(false);
            try
            {
                await client.Tasks.ListAsync(cancellationToken).ConfigureAwait(false);
                client.Notices?.Back(client.Session);
                return;
            }
            catch (ContainerdException e) when (e.Code is ContainerdErrorCode.Unavailable or ContainerdErrorCode.DeadlineExceeded or ContainerdErrorCode.NotFound)
            {
                // Nobody starts a private daemon again.
                long away = Environment.TickCount64 - since;
                if (client.Session.Daemon is { HasEnded: true } || away > AbsenceLimit.TotalMilliseconds)
                {
                    throw lost;
                }

                if (client.Notices is { } notices && away > SilenceLimit.TotalMilliseconds)
                {
                    string text = $"The daemon on '{client.Session.Address}' has gone away, and without it nobody can tell when {address} ends. Waiting up to {AbsenceLimit.TotalSeconds:0} s for it to come back; what runs goes on meanwhile.";
                    await notices.AwayAsync(client.Session, text).WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
