using System.Management.Automation;
using ContainerdPS.Daemons;
using ContainerdPS.Pipeline;
using ContainerdPS.Sessions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Start-ContainerdDaemon: starts a private, disposable daemon from the installed programs and gives a session to it.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "ContainerdDaemon", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerdSession))]
public sealed class StartContainerdDaemonCommand : ContainerdCmdlet
{
    /// <summary>
    /// <para>The folder its own temporary folder is made in; a short path, because a socket's path has at most 107 bytes. Default: the system's temporary folder.</para>
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// <para>The containerd program. Default: the one on the PATH.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BinaryPath { get; set; }

    /// <summary>
    /// <para>The runc program, or one compatible with it. Default: the one on the PATH.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RuntimePath { get; set; }

    /// <summary>
    /// <para>Further configuration of the daemon, in TOML (version 2); it wins over ours.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Configuration { get; set; }

    /// <summary>
    /// <para>How much the daemon logs.</para>
    /// </summary>
    [Parameter]
    [ValidateSet("trace", "debug", "info", "warn", "error", "fatal", "panic")]
    public string LogLevel { get; set; } = "info";

    /// <summary>
    /// <para>The namespace for commands that are given none. Default: a name of its own, because daemons of one machine share runc's and the kernel's names for containers.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>
    /// <para>How long it may take until it serves, in seconds or as a TimeSpan. 0 sets no limit. Default: 30 seconds.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// <para>Leaves the default session as it is.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!ShouldProcess("containerd", "start a private daemon"))
        {
            return;
        }

        PrivateDaemon? daemon = null;
        ContainerdSession? session = null;
        try
        {
            if (Namespace is not null)
            {
                Services.Identifiers.Validated(Services.ObjectKinds.Namespace, Namespace);
            }

            var options = new PrivateDaemonOptions
            {
                ParentDirectory = Resolve(Path),
                BinaryPath = Resolve(BinaryPath),
                RuntimePath = Resolve(RuntimePath),
                ConfigText = Configuration,
                LogLevel = LogLevel,
                StartTimeout = Timeout,
            };
            daemon = await PrivateDaemon.StartAsync(options, ServesAsync, cancellationToken);
            session = SessionFactory.Create(
                daemon.Address,
                Namespace ?? System.IO.Path.GetFileName(daemon.BaseDirectory),
                null,
                new ContainerdDaemon(daemon.ProcessId, daemon.Version, daemon.BaseDirectory, daemon.LogPath, daemon.FifoDirectory, () => daemon.HasExited));
        }
        catch (ContainerdException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, e.Reason?.StartsWith("Folder", StringComparison.Ordinal) == true ? Path : BinaryPath ?? "containerd", null));
        }

        RunspaceSessions.Current.AddDaemon(session!, asDefault: !NoDefault);
        WriteVerbose($"containerd {daemon!.Version} (process {daemon.ProcessId}) serves on '{daemon.Address}' and logs to '{daemon.LogPath}'.");
        WriteObject(session);
    }

    private static async Task<bool> ServesAsync(string address, CancellationToken cancellationToken)
    {
        using ContainerdSession probe = SessionFactory.Create(address, "default", TimeSpan.FromSeconds(2));
        await SessionFactory.VerifyAsync(probe, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private string? Resolve(string? path) => path is null ? null : ShellPath.File(this, path);
}
