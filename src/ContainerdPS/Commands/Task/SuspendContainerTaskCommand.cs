using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Suspend-ContainerTask: freezes all processes of tasks. They stay as they are until Resume-ContainerTask.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Suspend, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class SuspendContainerTaskCommand : TaskCmdlet
{
    /// <summary>
    /// <para>Gives the paused tasks.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) => ChangeAsync(
        container,
        client,
        "freeze it",
        PassThru,
        token => TaskFailures.AskAsync(client, container.Id, () => client.Tasks.PauseAsync(container.Id, token), token),
        cancellationToken);
}
