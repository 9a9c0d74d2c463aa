using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Start-ContainerTask: starts the tasks of containers, and creates those that are not there yet.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class StartContainerTaskCommand : TaskCreationCmdlet
{
    /// <summary>
    /// <para>Gives the tasks as they are after the start.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        TaskRequest? request = null;
        if (await TryAsync(container.Source, client, async () => request = await RequestAsync(client, cancellationToken), cancellationToken))
        {
            await ChangeAsync(container, client, "start it", PassThru, token => TaskStart.StartAsync(client, container.Id, request!, SaysHow, token), cancellationToken);
        }
    }
}
