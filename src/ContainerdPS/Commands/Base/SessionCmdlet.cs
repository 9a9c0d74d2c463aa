using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that talk to a daemon: which one, through which session.</summary>
public abstract class SessionCmdlet : ContainerdCmdlet
{
    private DaemonNotices? notices;

    /// <summary>
    /// <para>The sessions to use, by object or by id. Left out, a piped object's own session is used, else the default one, which is opened when there is none.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Transformation.SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public ContainerdSession[]? Session { get; set; }

    private DaemonNotices Notices => notices ??= new DaemonNotices(text => OnPipelineAsync(() =>
    {
        WriteWarning(text);
        return true;
    }));

    /// <summary>The sessions to use for what is named by text: those given, or the default.</summary>
    private protected IReadOnlyList<ContainerdSession> Sessions
    {
        get
        {
            if (Session is not null)
            {
                return Session;
            }

            try
            {
                return [RunspaceSessions.Current.Default];
            }
            catch (ContainerdException e)
            {
                ThrowTerminatingError(ErrorRecords.From(e, e.ObjectId ?? Environment.GetEnvironmentVariable("CONTAINERD_ADDRESS"), null));
                throw;
            }
        }
    }

    /// <summary>The client for a session and a namespace. A closed session ends the command.</summary>
    private protected NamespaceClient Client(ContainerdSession session, string? @namespace)
    {
        try
        {
            return new NamespaceClient(session, Identifiers.Validated(ObjectKinds.Namespace, @namespace ?? session.Namespace)) { Notices = Notices };
        }
        catch (ContainerdException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, (object?)@namespace ?? session, null));
            throw;
        }
    }
}
