using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerProcess: removes processes executed in tasks once they have ended; with -Force it kills them first.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerProcess", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = "Id")]
[OutputType(typeof(void))]
public sealed class RemoveContainerProcessCommand : ProcessCmdlet
{
    /// <summary>
    /// <para>Kills a process that has not ended.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(object target, NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        if (await ShouldProcessAsync(target, client, address, Force ? "kill it and remove it" : "remove it", cancellationToken))
        {
            await StartAsync(
                target,
                client,
                async token =>
                {
                    // One that is not there is told like without -Force.
                    await TaskQuery.ReadProcessAsync(client, address, token).ConfigureAwait(false);
                    return Force
                        ? await ProcessEnd.ForceAsync(client, address, token).ConfigureAwait(false)
                        : await ProcessEnd.DeleteAsync(client, address, token).ConfigureAwait(false);
                },
                static _ => { },
                cancellationToken);
        }
    }
}
