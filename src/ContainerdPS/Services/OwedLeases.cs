using System.Collections.Concurrent;

namespace ContainerdPS.Services;

/// <summary>
/// Leases that could not be ended because their daemon was away. It keeps them over a restart, so the next operation
/// there ends them with its own.
/// </summary>
internal static class OwedLeases
{
    private static readonly ConcurrentDictionary<(string Address, string Namespace), ConcurrentQueue<string>> Owed = new();

    /// <summary>Notes a lease that is to be ended as soon as that can be done.</summary>
    public static void Add(NamespaceClient client, string id) => Owed.GetOrAdd(Place(client), static _ => new ConcurrentQueue<string>()).Enqueue(id);

    /// <summary>Ends those of a place. What keeps it from that is thrown, and the rest is still owed.</summary>
    public static async Task EndAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        if (!Owed.TryGetValue(Place(client), out ConcurrentQueue<string>? ids))
        {
            return;
        }

        while (ids.TryDequeue(out string? id))
        {
            try
            {
                await client.Leases.DeleteAsync(id, synchronous: false, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
            {
                // It expired, or another daemon is there now.
            }
            catch
            {
                ids.Enqueue(id);
                throw;
            }
        }
    }

    private static (string Address, string Namespace) Place(NamespaceClient client) => (client.Session.Address, client.Namespace);
}
