using System.Collections;
using System.Management.Automation;
using ContainerdPS.Mapping;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of extensions: those of the containers on the command line, else of all.</summary>
internal sealed class ContainerExtensionCompleter : DaemonCompleter
{
    protected override Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken)
    {
        object? given = bound["Container"] is PSObject wrapped ? wrapped.BaseObject : bound["Container"];
        IEnumerable<object?> containers = given is IEnumerable many and not string ? many.Cast<object?>() : [given];
        return NamesAsync(client, containers.Select(static container => container?.ToString() ?? string.Empty).Where(static id => id.Length > 0).ToHashSet(StringComparer.Ordinal), cancellationToken);
    }

    private static async Task<IReadOnlyList<(string Text, string ToolTip)>> NamesAsync(NamespaceClient client, HashSet<string> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] filters = ids.Select(static id => $"id=={id}").ToArray();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync(filters, cancellationToken).ConfigureAwait(false))
        {
            foreach ((string name, Google.Protobuf.WellKnownTypes.Any value) in container.Extensions)
            {
                if (ExtensionMapping.IsThere(value))
                {
                    found[name] = value.TypeUrl;
                }
            }
        }

        return found.Select(static extension => (extension.Key, extension.Value)).ToArray();
    }
}
