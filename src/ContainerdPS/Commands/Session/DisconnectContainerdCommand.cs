using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Disconnect-Containerd: closes sessions. Daemons and what runs in them are left alone.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Disconnect, "Containerd")]
[OutputType(typeof(void))]
public sealed class DisconnectContainerdCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The sessions to close, by object or by id. Left out, the default session is closed.</para>
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Transformation.SessionTransformation]
    [ArgumentCompleter(typeof(Completion.SessionCompleter))]
    public ContainerdSession[]? Session { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        SessionTable table = RunspaceSessions.Current;
        ContainerdSession[] sessions = Session ?? (table.Chosen is { } chosen ? [chosen] : []);
        foreach (ContainerdSession session in sessions)
        {
            if (session.Daemon is not null)
            {
                WriteWarning($"The private daemon of session {session.Id} goes on running in '{session.Daemon.Path}'. Stop-ContainerdDaemon ends it.");
            }

            if (!table.Remove(session) && Session is null)
            {
                WriteVerbose($"Another runspace uses session {session.Id} too, so it stays open there.");
                continue;
            }

            session.Dispose();
        }

        return Task.CompletedTask;
    }
}
