using ContainerdPS.Services;

namespace ContainerdPS.References;

/// <summary>
/// Keeps what is in use from being removed, and says who uses it. What the same command has removed counts no longer: a
/// manifest and then its layers can be removed one after the other.
/// </summary>
internal sealed class RemovalGuard(NamespaceClient client)
{
    /// <summary>A slow pipeline must not go by what was true when it began.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private const int MostNamed = 3;

    private readonly HashSet<Keeper> removed = [];
    private ReferenceGraph? graph;
    private long readAt;

    /// <summary>Refuses when somebody needs it.</summary>
    /// <param name="kept">What is to be removed.</param>
    /// <param name="advice">What to do about it, as a sentence of its own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RefuseUsedAsync(Keeper kept, string advice, CancellationToken cancellationToken)
    {
        ReferenceGraph current = await CurrentAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyCollection<Keeper> owners = current.OwnersOf(kept);
        if (owners.Count > 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The {kept.Kind} '{Name(kept)}' in the namespace '{client.Namespace}' is in use by {Named(owners)}. {advice}")
            {
                Reason = char.ToUpperInvariant(kept.Kind[0]) + kept.Kind[1..] + "InUse",
                ObjectKind = kept.Kind,
                ObjectId = Name(kept),
            };
        }
    }

    /// <summary>Who refers to it directly.</summary>
    public async Task<IReadOnlyCollection<Keeper>> UsersOfAsync(Keeper kept, CancellationToken cancellationToken) =>
        (await CurrentAsync(cancellationToken).ConfigureAwait(false)).UsersOf(kept);

    /// <summary>In words, who needs it in the end; empty where nobody does but what lies on it.</summary>
    public async Task<string> OwnersAsync(Keeper kept, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<Keeper> owners = (await CurrentAsync(cancellationToken).ConfigureAwait(false)).OwnersOf(kept);
        return owners.All(static owner => owner.Kind == ObjectKinds.Snapshot) ? string.Empty : Named(owners);
    }

    /// <summary>In words, who needs it in the end through some of those that refer to it.</summary>
    public async Task<string> OwnersThroughAsync(IReadOnlyCollection<Keeper> direct, CancellationToken cancellationToken)
    {
        ReferenceGraph current = await CurrentAsync(cancellationToken).ConfigureAwait(false);
        var owners = new HashSet<Keeper>();
        foreach (Keeper user in direct)
        {
            owners.UnionWith(user.Kind is ObjectKinds.Blob && current.OwnersOf(user) is { Count: > 0 } found ? found : [user]);
        }

        return Named(owners);
    }

    /// <summary>Notes that it was removed.</summary>
    public void Forget(Keeper kept)
    {
        removed.Add(kept);
        graph?.Forget(kept);
    }

    private static string Name(Keeper kept) => kept.Kind == ObjectKinds.Snapshot ? kept.Name[(kept.Name.IndexOf('/', StringComparison.Ordinal) + 1)..] : kept.Name;

    private static string Named(IReadOnlyCollection<Keeper> owners)
    {
        string named = string.Join(", ", owners.Take(MostNamed).Select(static owner => $"the {owner.Kind} '{Name(owner)}'"));
        return owners.Count > MostNamed ? $"{named} and {owners.Count - MostNamed} more" : named;
    }

    private async Task<ReferenceGraph> CurrentAsync(CancellationToken cancellationToken)
    {
        if (graph is null || TimeSpan.FromMilliseconds(Environment.TickCount64 - readAt) > Fresh)
        {
            readAt = Environment.TickCount64;
            graph = await ReferenceGraph.ReadAsync(client, cancellationToken).ConfigureAwait(false);
            foreach (Keeper gone in removed)
            {
                graph.Forget(gone);
            }
        }

        return graph;
    }
}
