using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerProcess: gets the processes that run in containers, or those executed by an id, also ended ones.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess")]
[OutputType(typeof(ContainerProcess))]
public sealed class GetContainerProcessCommand : ContainerOperandCmdlet
{
    /// <summary>
    /// <para>Only these, by the ids they were executed by. One that has ended is there until it is removed, but only by its id.</para>
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessCompleter))]
    public string[]? Process { get; set; }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        string[]? ids = Process ?? (container.Source is ContainerProcess { Id.Length: > 0 } piped ? [piped.Id] : null);
        if (ids is null)
        {
            await StartAsync(container.Source, client, token => TaskQuery.ReadProcessesAsync(client, container.Id, token), WriteAll, cancellationToken);
        }

        foreach (string id in ids ?? [])
        {
            await StartAsync(Process is null ? container.Source : id, client, token => TaskQuery.ReadProcessAsync(client, new ProcessAddress(container.Id, id), token), WriteObject, cancellationToken);
        }
    }

    private void WriteAll(IReadOnlyList<ContainerProcess> processes)
    {
        foreach (ContainerProcess process in processes)
        {
            WriteObject(process);
        }
    }
}
