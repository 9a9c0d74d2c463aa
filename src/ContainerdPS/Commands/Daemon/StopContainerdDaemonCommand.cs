using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Daemons;
using ContainerdPS.Pipeline;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Stop-ContainerdDaemon: ends a private daemon with all its containers and deletes everything it had.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "ContainerdDaemon", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopContainerdDaemonCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The sessions that Start-ContainerdDaemon gave. Left out, the default session, when it is one of those.</para>
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Transformation.SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public ContainerdSession[]? Session { get; set; }

    /// <summary>
    /// <para>How long the daemon may take to end by itself before it is killed, in seconds or as a TimeSpan. Default: 5 seconds.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        SessionTable table = RunspaceSessions.Current;
        ContainerdSession[] sessions = Session ?? (table.Chosen is { } chosen ? [chosen] : []);
        if (sessions.Length == 0)
        {
            Refuse("There is no open session whose daemon could be stopped. Give the session that Start-ContainerdDaemon returned.", null);
        }

        foreach (ContainerdSession session in sessions)
        {
            if (session.Daemon is null && PrivateDaemons.All.Any(running => running.Address == session.Address))
            {
                string owner = table.All.FirstOrDefault(other => other.Daemon is not null && other.Address == session.Address) is { } started
                    ? $"session {started.Id}: Stop-ContainerdDaemon {started.Id}"
                    : "a session that this runspace does not have: stop it where it was started";
                Refuse($"Session {session.Id} was opened by Connect-Containerd. The private daemon on '{session.Address}' goes with {owner}.", session);
                continue;
            }

            if (session.Daemon is null)
            {
                Refuse($"The daemon on '{session.Address}' was not started by Start-ContainerdDaemon, so it is not this command's to stop. The system's own is stopped with systemctl.", session);
                continue;
            }

            if (!ShouldProcess($"private daemon {session.Daemon.ProcessId} in '{session.Daemon.Path}'", "end it with all its containers and delete its folder"))
            {
                continue;
            }

            // None when it was stopped before: stopping twice is no error.
            PrivateDaemon? daemon = PrivateDaemons.All.FirstOrDefault(running => running.Address == session.Address);
            try
            {
                await (daemon?.StopAsync(Timeout, cancellationToken) ?? Task.CompletedTask);
            }
            catch (ContainerdException e)
            {
                // The session stays, to stop it again by.
                WriteError(ErrorRecords.From(e, session, null));
                continue;
            }

            table.Remove(session);
            session.Dispose();
        }
    }

    private void Refuse(string message, ContainerdSession? session) =>
        WriteError(ErrorRecords.From(new ContainerdException(ContainerdErrorCode.FailedPrecondition, message) { Reason = "NotAPrivateDaemon" }, session, null));
}
