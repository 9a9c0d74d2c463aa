using System.Management.Automation;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Use-ContainerdSession: makes an open session the default of this runspace.</para>
/// </summary>
[Cmdlet(VerbsOther.Use, "ContainerdSession")]
[OutputType(typeof(ContainerdSession))]
public sealed class UseContainerdSessionCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The session, by object, id or address.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Transformation.SessionTransformation]
    [ArgumentCompleter(typeof(Completion.SessionCompleter))]
    [ValidateCount(1, 1)]
    public ContainerdSession[] Session { get; set; } = [];

    /// <summary>
    /// <para>Gives the session.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        ContainerdSession session = Session[0];
        if (session.State == ContainerdSessionState.Closed)
        {
            WriteError(ErrorRecords.From(
                new ContainerdException(ContainerdErrorCode.FailedPrecondition, $"The session {session.Id} to '{session.Address}' is closed and cannot be the default. Connect-Containerd opens another.") { Reason = "SessionClosed" },
                session,
                null));
            return Task.CompletedTask;
        }

        RunspaceSessions.Current.Add(session, asDefault: true);
        if (PassThru)
        {
            WriteObject(session);
        }

        return Task.CompletedTask;
    }
}
