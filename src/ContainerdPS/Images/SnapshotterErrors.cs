using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Says in plain words what the daemon says of a snapshotter it does not have.</summary>
internal static class SnapshotterErrors
{
    /// <summary>Makes a call that names a snapshotter, and explains its failure where the daemon does not have that.</summary>
    public static async Task<T> AskAsync<T>(NamespaceClient client, string snapshotter, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage?.Contains("snapshotter not loaded", StringComparison.Ordinal) == true)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The daemon on '{client.Session.Address}' has no snapshotter '{snapshotter}'. Get-ContainerdInfo lists those it has.",
                e) { Reason = "SnapshotterNotFound" };
        }
    }
}
