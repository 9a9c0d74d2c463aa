using System.Security.Cryptography;

namespace ContainerdPS.Services;

/// <summary>
/// A lease for the length of one operation: what is made under <see cref="Client"/> is safe from the daemon's garbage
/// collection until the scope ends, and collected soon after unless something refers to it by then.
/// </summary>
internal sealed class LeaseScope : IAsyncDisposable
{
    /// <summary>Should this process die before it ends its lease, the daemon does so after this time.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromHours(24);

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly NamespaceClient client;
    private readonly string id;
    private bool collect;

    private LeaseScope(NamespaceClient client, string id)
    {
        this.client = client;
        this.id = id;
        Client = client.WithLease(id);
    }

    /// <summary>The services, under this lease.</summary>
    public NamespaceClient Client { get; }

    public static async Task<LeaseScope> BeginAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        string id = $"containerdps-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}";
        var labels = new Dictionary<string, string>
        {
            [GcLabel.Expire] = GcLabel.Time(DateTimeOffset.UtcNow + Expiry),
        };
        try
        {
            await client.Leases.CreateAsync(id, labels, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            // The daemon may have made it all the same.
            await new LeaseScope(client, id).DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new LeaseScope(client, id);
    }

    /// <summary>Has the daemon collect what nothing refers to, and waits for it. It does so at the end of a lease.</summary>
    public static async Task CollectAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        LeaseScope lease = await BeginAsync(client, cancellationToken).ConfigureAwait(false);
        lease.CollectAtEnd();
        await lease.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Has the daemon collect what nothing refers to when the scope ends, and waits for it: after failures, and where more came than was wanted.</summary>
    public void CollectAtEnd() => collect = true;

    public async ValueTask DisposeAsync()
    {
        // The caller's token may be cancelled already, and the lease must go all the same.
        using var timeout = new CancellationTokenSource(EndTimeout);
        bool ended = false;
        try
        {
            await client.Leases.DeleteAsync(id, collect, timeout.Token).ConfigureAwait(false);
            ended = true;
            await OwedLeases.EndAsync(client, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException)
        {
            // It must not hide the error that ended the operation.
            if (!ended && e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
            {
                OwedLeases.Add(client, id);
            }
        }
    }
}
