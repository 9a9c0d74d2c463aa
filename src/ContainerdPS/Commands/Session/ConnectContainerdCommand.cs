using System.Management.Automation;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Connect-Containerd: opens a session to a daemon and makes it the default.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "Containerd")]
[OutputType(typeof(ContainerdSession))]
public sealed class ConnectContainerdCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>Where the daemon listens: the path of its unix socket, unix://PATH, or \\.\pipe\NAME on Windows. Default: CONTAINERD_ADDRESS, else containerd's own.</para>
    /// </summary>
    [Parameter(Position = 0)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? Address { get; set; }

    /// <summary>
    /// <para>The namespace for commands that are given none. Default: CONTAINERD_NAMESPACE, else 'default'.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>
    /// <para>How long one short call may take, in seconds or as a TimeSpan. 0 sets no limit. Default: 30 seconds.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = SessionFactory.DefaultTimeout;

    /// <summary>
    /// <para>Leaves the default session as it is.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        ContainerdSession? session = null;
        try
        {
            session = SessionFactory.Create(Address is null ? null : ShellPath.Resolve(this, Address), Namespace, Timeout);
            string version = await SessionFactory.VerifyAsync(session, cancellationToken);
            WriteVerbose($"containerd {version} answers on '{session.Address}'.");
        }
        catch (ContainerdException e)
        {
            NamespaceClient? client = session is null ? null : new NamespaceClient(session, session.Namespace);
            session?.Dispose();
            ThrowTerminatingError(ErrorRecords.From(e, Address ?? session?.Address, client));
        }
        catch (OperationCanceledException)
        {
            session?.Dispose();
            throw;
        }

        RunspaceSessions.Current.Add(session!, asDefault: !NoDefault);
        WriteObject(session);
    }
}
