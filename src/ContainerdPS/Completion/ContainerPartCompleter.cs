using System.Collections;
using System.Management.Automation;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>The base of completers for what containers have many of, by name: of those on the command line, else of all.</summary>
internal abstract class ContainerPartCompleter : DaemonCompleter
{
    protected sealed override Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken)
    {
        object? given = bound["Container"] is PSObject wrapped ? wrapped.BaseObject : bound["Container"];
        IEnumerable<object?> containers = given is IEnumerable many and not string ? many.Cast<object?>() : [given];
        return NamesAsync(client, containers.Select(static container => container?.ToString() ?? string.Empty).Where(static id => id.Length > 0).ToHashSet(StringComparer.Ordinal), cancellationToken);
    }

    /// <summary>What one container has, by name, with what tells more of it.</summary>
    protected abstract IEnumerable<(string Text, string ToolTip)> Parts(Wire.ContainersV1.Container container);

    private async Task<IReadOnlyList<(string Text, string ToolTip)>> NamesAsync(NamespaceClient client, HashSet<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] filters = ids.Select(static id => DaemonFilter.Equal("id", id)).ToArray();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync(filters, cancellationToken).ConfigureAwait(false))
        {
            foreach ((string name, string toolTip) in Parts(container))
            {
                found[name] = toolTip;
            }
        }

        return found.Select(static part => (part.Key, part.Value)).ToArray();
    }
}
