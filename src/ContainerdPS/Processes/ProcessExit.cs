using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;

namespace ContainerdPS.Processes;

/// <summary>Waits for the end of a process, also over a restart of the daemon: its processes go on without it.</summary>
internal static class ProcessExit
{
    /// <summary>How long a daemon may be away before a wait is given up.</summary>
    private static readonly TimeSpan AbsenceLimit = TimeSpan.FromSeconds(30);

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

            await ReturnAsync(client, lost, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReturnAsync(NamespaceClient client, ContainerdException lost, CancellationToken cancellationToken)
    {
        long since = Environment.TickCount64;
        while (true)
        {
            await Task.Delay(Pace, cancellationToken).ConfigureAwait(false);
            try
            {
                await client.Tasks.ListAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ContainerdException e) when (e.Code is ContainerdErrorCode.Unavailable or ContainerdErrorCode.DeadlineExceeded or ContainerdErrorCode.NotFound)
            {
                // Nobody starts a private daemon again.
                if (client.Session.Daemon is { HasEnded: true } || Environment.TickCount64 - since > AbsenceLimit.TotalMilliseconds)
                {
                    throw lost;
                }
            }
        }
    }
}
