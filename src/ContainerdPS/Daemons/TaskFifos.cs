using ContainerdPS.Native;
using ContainerdPS.Services;
using ContainerdPS.Transport;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Daemons;

/// <summary>
/// The fifos that clients made for a daemon's tasks outside its folder. A shim has closed those of a task that ended, and
/// only the daemon still knows them, so it is asked before it is ended; one that has ended by itself can tell no more.
/// </summary>
internal static class TaskFifos
{
    private const string SharedFolder = "/run/containerd/fifo/";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Their paths, without any that do not lie in a folder of their own below the one all daemons share.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(string address, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new ContainerdClient(ContainerdAddress.Parse(address), Limit);
            foreach (Wire.NamespacesV1.Namespace space in await new NamespacesClient(client.Invoker(null, null)).ListAsync(limit.Token).ConfigureAwait(false))
            {
                Dictionary<string, Process> tasks = await new TasksClient(client.Invoker(space.Name, null)).ListAsync(limit.Token).ConfigureAwait(false);
                found.UnionWith(tasks.Values.SelectMany(static task => new[] { task.Stdin, task.Stdout, task.Stderr }).Where(IsOneInTheSharedFolder));
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // It is to end, whether it can tell or not; what its shims hold open is found without it.
        }

        return [.. found];
    }

    private static bool IsOneInTheSharedFolder(string path) =>
        path.StartsWith(SharedFolder, StringComparison.Ordinal) && path.LastIndexOf('/') > SharedFolder.Length && !path.Split('/').Contains("..")
        && FileTypes.IsFifo(path);
}
