using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Wait-ContainerTask: waits for tasks to end and gives how they ended.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "ContainerTask")]
[OutputType(typeof(ContainerExitStatus))]
public sealed class WaitContainerTaskCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>How long to wait, in seconds, as 500ms or 2m, or as a TimeSpan; a task that has not ended by then is an error. Default: without end.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    private protected override Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken) =>
        StartAsync(container.Source, client, token => ProcessWait.WaitAsync(client, container.Id, Timeout, token), WriteObject, cancellationToken);
}
