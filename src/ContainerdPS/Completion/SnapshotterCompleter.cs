using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the names of snapshotters that work.</summary>
internal sealed class SnapshotterCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken) =>
        Plugins.Snapshotters(await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false)).Select(static name => (name, string.Empty)).ToArray();
}
