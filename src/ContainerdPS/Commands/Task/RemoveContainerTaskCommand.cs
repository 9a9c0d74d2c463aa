using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerTask: removes tasks that have ended. A task that has not is refused, unless forced. The container stays.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ContainerExitStatus))]
public sealed class RemoveContainerTaskCommand : TaskCmdlet
{
    /// <summary>
    /// <para>Kills the processes of a task that has not ended.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Gives how the removed tasks had ended.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(container, client, TaskOf(container, client), Force ? "kill what runs and remove it" : "remove it", cancellationToken))
        {
            await StartAsync(container.Source, client, token => RemoveAsync(client, container.Id, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<object?> RemoveAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        if (Force)
        {
            // A task that is not there is told like without -Force.
            await TaskQuery.ReadOneAsync(client, id, cancellationToken).ConfigureAwait(false);
        }

        DeleteResponse? end = Force
            ? await ProcessEnd.ForceAsync(client, id, cancellationToken).ConfigureAwait(false)
            : await ProcessEnd.DeleteAsync(client, id, cancellationToken).ConfigureAwait(false);
        return PassThru && end is not null ? Mapping.ProcessMapping.ToExitStatus(client, id, end.ExitStatus, end.ExitedAt) : null;
    }
}
