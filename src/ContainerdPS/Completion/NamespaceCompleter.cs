using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of containerd namespaces.</summary>
internal sealed class NamespaceCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.NamespacesV1.Namespace> namespaces = await client.Namespaces.ListAsync(cancellationToken).ConfigureAwait(false);
        return namespaces.Select(static found => (found.Name, string.Empty)).ToArray();
    }
}
