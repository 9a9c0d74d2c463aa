using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>New-ContainerTask: creates the tasks of containers. Their processes wait for Start-ContainerTask.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class NewContainerTaskCommand : TaskCreationCmdlet
{
    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(container, client, TaskOf(container, client), "create it", cancellationToken))
        {
            TaskRequest? request = null;
            if (await TryAsync(container.Source, client, async () => request = await RequestAsync(client, cancellationToken), cancellationToken))
            {
                await StartAsync(container.Source, client, token => TaskCreation.CreateAsync(client, container.Id, request!, token), WriteObject, cancellationToken);
            }
        }
    }
}
