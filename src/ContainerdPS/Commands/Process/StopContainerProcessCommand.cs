using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Stop-ContainerProcess: stops processes executed in tasks: a signal, time to end, then SIGKILL.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "ContainerProcess", SupportsShouldProcess = true, DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerProcess))]
public sealed class StopContainerProcessCommand : ProcessCmdlet
{
    /// <summary>
    /// <para>The signal to stop with: a name (TERM, SIGINT) or a number. Default: TERM.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? Signal { get; set; }

    /// <summary>
    /// <para>How long a process may take to end before it is killed, in seconds, as 500ms or 2m, or as a TimeSpan. Default: 10 seconds; 0 kills at once.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <para>Gives the stopped processes.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private Signal? Wanted { get; set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        Wanted = SignalParameter.Read(this, Signal);
        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(object target, NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(target, client, address, "stop it", cancellationToken))
        {
            await StartAsync(
                target,
                client,
                async token =>
                {
                    await ProcessStop.StopAsync(client, address, Wanted, Timeout, token).ConfigureAwait(false);
                    return PassThru ? await TaskQuery.ReadProcessAsync(client, address, token).ConfigureAwait(false) : null;
                },
                process =>
                {
                    if (process is not null)
                    {
                        WriteObject(process);
                    }
                },
                cancellationToken);
        }
    }
}
