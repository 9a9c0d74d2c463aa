using ContainerdPS.Registry;

namespace ContainerdPS.Images;

/// <summary>What the images that one command receives or sends share: connections, and how much is done at once.</summary>
internal sealed class RegistryWork(RegistrySettings settings, int concurrent) : IDisposable
{
    private readonly SemaphoreSlim slots = new(concurrent);
    private readonly Dictionary<string, SemaphoreSlim> busy = new(StringComparer.Ordinal);

    public RegistrySettings Settings => settings;

    public RegistryConnections Connections { get; } = new(settings.Proxy ?? RegistryProxy.Current());

    /// <summary>Why the daemon cannot reach hosts as this process does; null when nothing speaks for that.</summary>
    public static string? ProxyReason(RegistryHosts hosts) =>
        hosts.Hosts.FirstOrDefault(RegistryProxy.IsFor) is { } host ? $"the environment has a proxy for '{host}', and the daemon has an environment of its own" : null;

    /// <summary>Does something with one blob of one place: alone with it, and not too many at once.</summary>
    /// <param name="place">Where, such as a namespace of a daemon.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="work">What is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WithBlobAsync(string place, string digest, Func<Task> work, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (busy)
        {
            turn = busy.TryGetValue($"{place}\n{digest}", out SemaphoreSlim? known) ? known : busy[$"{place}\n{digest}"] = new SemaphoreSlim(1);
        }

        // Two images often have a layer in common: the second waits, and then finds it there.
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        Connections.Dispose();
        slots.Dispose();
        foreach (SemaphoreSlim turn in busy.Values)
        {
            turn.Dispose();
        }
    }
}
