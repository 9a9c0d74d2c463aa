using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Send-ContainerSignal: sends a signal to the first process of tasks, to one executed in them, or to all.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Send, "ContainerSignal", DefaultParameterSetName = "Container", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SendContainerSignalCommand : ContainerArgumentCmdlet
{
    /// <summary>
    /// <para>The signal: a name (TERM, SIGHUP, usr1, RTMIN+3) or a number.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Container")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = string.Empty;

    /// <summary>
    /// <para>The id of a process executed in the task, instead of its first one. An object from Start-ContainerProcess brings its own.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Process { get; set; }

    /// <summary>
    /// <para>Sends it to every process of the task.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override string ArgumentName => nameof(Signal);

    private Signal? Wanted { get; set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        // Where it stands first before piped containers, that is known when the first of them is there.
        Wanted = Signal.Length == 0 ? null : SignalParameter.Read(this, Signal);
        return Task.CompletedTask;
    }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        Wanted ??= SignalParameter.Read(this, PipedOperands.OnlyText(Argument!, ArgumentName));
        string exec = Process ?? (container.Source as ContainerProcess)?.Id ?? string.Empty;
        var address = new ProcessAddress(container.Id, All ? string.Empty : exec);
        string target = All ? $"all processes of the {TaskCmdlet.TaskOf(container, client)}" : address.IsTask ? TaskCmdlet.TaskOf(container, client) : $"process '{exec}' of container '{container.Id}' in namespace '{client.Namespace}'";
        if (await ShouldProcessAsync(container, client, target, $"send {Wanted}", cancellationToken))
        {
            await StartAsync(
                container.Source,
                client,
                async token =>
                {
                    Identifiers.Validated(ObjectKinds.Container, address.Container);
                    await ProcessSignal.SendAsync(client, address, Wanted!, All, token).ConfigureAwait(false);
                    return true;
                },
                static _ => { },
                cancellationToken);
        }
    }
}
