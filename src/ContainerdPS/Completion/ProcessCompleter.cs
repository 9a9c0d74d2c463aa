using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the ids of processes executed in the container that was typed before.</summary>
internal sealed class ProcessCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        if (bound["Container"]?.ToString() is not { Length: > 0 } container)
        {
            return [];
        }

        IReadOnlyList<ContainerProcess> processes = await TaskQuery.ReadProcessesAsync(client, container, cancellationToken).ConfigureAwait(false);
        return processes.Where(static process => process.Id.Length > 0).Select(static process => (process.Id, process.Command ?? string.Empty)).ToArray();
    }
}
