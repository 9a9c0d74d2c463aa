using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerdSession: lists the open sessions of this runspace.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerdSession", DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerdSession))]
public sealed class GetContainerdSessionCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The ids of the sessions wanted. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = "Id")]
    [ArgumentCompleter(typeof(Completion.SessionCompleter))]
    public int[]? Id { get; set; }

    /// <summary>
    /// <para>Gives only the default session, if there is one.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Default")]
    public SwitchParameter Default { get; set; }

    private protected override Task EndAsync(CancellationToken cancellationToken)
    {
        SessionTable table = RunspaceSessions.Current;
        if (Default)
        {
            if (table.DefaultOrNull is { } session)
            {
                WriteObject(session);
            }

            return Task.CompletedTask;
        }

        IReadOnlyList<ContainerdSession> all = table.All;
        foreach (ContainerdSession session in all)
        {
            if (Id is null || Id.Contains(session.Id))
            {
                WriteObject(session);
            }
        }

        foreach (int missing in Id?.Except(all.Select(static session => session.Id)) ?? [])
        {
            WriteError(ErrorRecords.From(
                new ContainerdException(ContainerdErrorCode.NotFound, $"No open session of this runspace has the id {missing}. Get-ContainerdSession without an id lists them all.") { Reason = "SessionNotFound" },
                missing,
                null));
        }

        return Task.CompletedTask;
    }
}
