using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes container ids.</summary>
internal sealed class ContainerCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        var found = new List<(string, string)>();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            found.Add((container.Id, container.Image));
        }

        return found;
    }
}
