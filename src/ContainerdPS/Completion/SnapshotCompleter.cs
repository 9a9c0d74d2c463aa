using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the keys of snapshots, of the snapshotter that was typed or the namespace's.</summary>
internal sealed class SnapshotCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        string snapshotter = bound["Snapshotter"]?.ToString() is { Length: > 0 } typed
            ? typed : (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        List<Wire.SnapshotsV1.Info> snapshots = await client.Snapshots.ListAsync(snapshotter, [], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false);
        return snapshots.Select(static info => (info.Name, $"{info.Name} ({info.Kind})")).ToArray();
    }
}
