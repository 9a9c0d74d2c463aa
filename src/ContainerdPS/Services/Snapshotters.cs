namespace ContainerdPS.Services;

/// <summary>Says of a snapshotter that is not there which there are.</summary>
internal static class Snapshotters
{
    private const string NotLoaded = "snapshotter not loaded: ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Gives a failure that names the snapshotter where the daemon has none of that name, else the failure itself.</summary>
    public static async Task<Exception> ExplainAsync(NamespaceClient client, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not ContainerdException { Code: ContainerdErrorCode.InvalidArgument, DaemonMessage: { } words } || words.IndexOf(NotLoaded, StringComparison.Ordinal) is not (>= 0 and var at))
        {
            return failure;
        }

        string name = words[(at + NotLoaded.Length)..].Split(':')[0].Trim();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Limit);
        string[] there = [];
        try
        {
            there = Plugins.Snapshotters(await client.Introspection.PluginsAsync(timeout.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // A hint is not worth an error of its own.
        }

        return new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"The daemon on '{client.Session.Address}' has no snapshotter '{name}' that works.{(there.Length == 0 ? string.Empty : $" It has {string.Join(", ", there)}.")} -Snapshotter, CONTAINERD_SNAPSHOTTER or the namespace's label containerd.io/defaults/snapshotter name one.",
            failure) { Reason = "SnapshotterNotFound" };
    }
}
