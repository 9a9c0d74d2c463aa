using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Stop-ContainerTask: stops tasks: a signal, time to end, then SIGKILL. The stopped task stays until it is removed.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class StopContainerTaskCommand : TaskStopCmdlet
{
    /// <summary>
    /// <para>Gives the stopped tasks.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        ChangeAsync(container, client, "stop it", PassThru, token => ProcessStop.StopAsync(client, container.Id, Wanted, Timeout, token), cancellationToken);
}
