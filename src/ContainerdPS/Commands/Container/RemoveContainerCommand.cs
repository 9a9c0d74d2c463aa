using System.Management.Automation;
using ContainerdPS.Containers;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-Container: removes containers and their root filesystems. A container with a task is refused, unless forced.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "Container", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>Kills and removes the task of a container that has one.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Leaves the snapshot with the container's files; its key is in SnapshotKey.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter KeepSnapshot { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        string action = (Force ? "kill what runs in it and remove it" : "remove it") + (KeepSnapshot ? ", keeping its snapshot" : string.Empty);
        if (await ShouldProcessAsync(container, client, Of(container, client), action, cancellationToken))
        {
            await StartAsync(
                container.Source,
                client,
                async token =>
                {
                    await ContainerRemoval.RemoveAsync(client, container.Id, Force, KeepSnapshot, token).ConfigureAwait(false);
                    return true;
                },
                static _ => { },
                cancellationToken);
        }
    }
}
