using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Terminal;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Enter-ContainerTask: joins this terminal to a task: to its own terminal, or to its input and output.</para>
/// </summary>
[Cmdlet(VerbsCommon.Enter, "ContainerTask")]
[OutputType(typeof(void))]
public sealed class EnterContainerTaskCommand : TerminalCmdlet
{
    private protected override Task EnterAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        TryAsync(container.Source, client, () => EnterAsync(client, container.Id, cancellationToken), cancellationToken);

    private async Task EnterAsync(NamespaceClient client, string container, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, container);
        using HostTerminal terminal = OpenTerminal();
        await using Attachment process = await Attachment.OpenAsync(client, container, withInput: true, cancellationToken);
        process.DemandRunning(orEnded: false);
        if (!await JoinAsync(terminal, client, process, isNew: false, cancellationToken))
        {
            TellLeft($"Left the task of the container '{container}', which goes on. Enter-ContainerTask {container} enters it again; Stop-ContainerTask {container} ends it.");
        }
    }
}
