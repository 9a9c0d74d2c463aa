using System.Management.Automation;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Wait-ContainerProcess: waits for processes executed in tasks to end and gives how they ended.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "ContainerProcess", DefaultParameterSetName = "Id")]
[OutputType(typeof(ContainerExitStatus))]
public sealed class WaitContainerProcessCommand : ProcessCmdlet
{
    /// <summary>
    /// <para>How long to wait, in seconds, as 500ms or 2m, or as a TimeSpan; a process that has not ended by then is an error. Default: without end.</para>
    /// </summary>
    [Parameter]
    [Transformation.DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    private protected override Task ProcessAsync(object target, NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken) =>
        StartAsync(target, client, token => ProcessWait.WaitAsync(client, address, Timeout, token), WriteObject, cancellationToken);
}
