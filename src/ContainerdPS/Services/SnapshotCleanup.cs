namespace ContainerdPS.Services;

/// <summary>Takes back a snapshot of an operation that failed, whatever became of its token.</summary>
internal static class SnapshotCleanup
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task TryRemoveAsync(NamespaceClient client, string snapshotter, string key)
    {
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await client.Snapshots.RemoveAsync(snapshotter, key, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Gone already, or the daemon is: the lease lets it be collected. The failure itself must be what is told.
        }
    }
}
