using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Restart-ContainerTask: stops tasks that run and starts them anew, with their output going where it went.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Restart, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class RestartContainerTaskCommand : TaskStopCmdlet
{
    /// <summary>
    /// <para>Gives the new tasks.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        ChangeAsync(container, client, "stop it and start it anew", PassThru, token => TaskStart.RestartAsync(client, container.Id, Wanted, Timeout, token), cancellationToken);
}
