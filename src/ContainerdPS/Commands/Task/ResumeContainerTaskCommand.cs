using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Resume-ContainerTask: lets suspended tasks go on.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Resume, "ContainerTask", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerTask))]
public sealed class ResumeContainerTaskCommand : TaskCmdlet
{
    /// <summary>
    /// <para>Gives the resumed tasks.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) => ChangeAsync(
        container,
        client,
        "let it go on",
        PassThru,
        token => TaskFailures.AskAsync(client, container.Id, () => client.Tasks.ResumeAsync(container.Id, token), token),
        cancellationToken);
}
