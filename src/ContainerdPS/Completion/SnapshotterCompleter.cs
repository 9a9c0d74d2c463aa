using System.Collections;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the snapshotters that work in the daemon.</summary>
internal sealed class SnapshotterCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, IDictionary bound, CancellationToken cancellationToken) =>
        Plugins.Snapshotters(await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false)).Select(static snapshotter => (snapshotter, string.Empty)).ToArray();
}
