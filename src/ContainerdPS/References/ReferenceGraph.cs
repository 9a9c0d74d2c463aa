using ContainerdPS.Services;

namespace ContainerdPS.References;

/// <summary>
/// Who refers to what in one namespace, as the daemon's garbage collection sees it: images, containers, leases, and
/// blobs and snapshots by their labels and parents.
/// </summary>
internal sealed class ReferenceGraph
{
    private readonly Dictionary<Keeper, HashSet<Keeper>> users = [];

    /// <summary>Reads what there is. Records that come or go meanwhile may be seen or not.</summary>
    public static async Task<ReferenceGraph> ReadAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        var graph = new ReferenceGraph();
        Task<List<Wire.ContentV1.Info>> content = client.Content.ListAsync([], cancellationToken).CollectAsync(cancellationToken);
        Task<List<Wire.ContainersV1.Container>> containers = client.Containers.ListAsync([], cancellationToken).CollectAsync(cancellationToken);
        Task<IReadOnlyList<Wire.ImagesV1.Image>> images = client.Images.ListAsync([], cancellationToken);
        Task<List<(string Lease, Wire.LeasesV1.Resource Resource)>> leased = LeasedAsync(client, cancellationToken);
        Task<List<(string Snapshotter, Wire.SnapshotsV1.Info Info)>> snapshots = SnapshotsAsync(client, cancellationToken);
        await Task.WhenAll(content, containers, images, leased, snapshots).ConfigureAwait(false);

        foreach (Wire.ImagesV1.Image image in await images.ConfigureAwait(false))
        {
            var keeper = new Keeper(ObjectKinds.Image, image.Name);
            graph.Add(new Keeper(ObjectKinds.Blob, image.Target?.Digest ?? string.Empty), keeper);
            graph.AddAll(References(image.Labels), keeper);
        }

        foreach (Wire.ContainersV1.Container container in await containers.ConfigureAwait(false))
        {
            var keeper = new Keeper(ObjectKinds.Container, container.Id);
            graph.Add(Snapshot(container.Snapshotter, container.SnapshotKey), keeper);
            graph.AddAll(References(container.Labels), keeper);
        }

        foreach (Wire.ContentV1.Info blob in await content.ConfigureAwait(false))
        {
            graph.AddAll(References(blob.Labels), new Keeper(ObjectKinds.Blob, blob.Digest));
        }

        foreach ((string snapshotter, Wire.SnapshotsV1.Info info) in await snapshots.ConfigureAwait(false))
        {
            Keeper keeper = Snapshot(snapshotter, info.Name);
            graph.AddAll(References(info.Labels), keeper);
            if (info.Parent.Length > 0)
            {
                graph.Add(Snapshot(snapshotter, info.Parent), keeper);
            }
        }

        foreach ((string lease, Wire.LeasesV1.Resource resource) in await leased.ConfigureAwait(false))
        {
            if (Leased(resource) is { } kept)
            {
                graph.Add(kept, new Keeper(ObjectKinds.Lease, lease));
            }
        }

        return graph;
    }

    /// <summary>A snapshot as this graph names it.</summary>
    public static Keeper Snapshot(string snapshotter, string key) => new(ObjectKinds.Snapshot, $"{snapshotter}/{key}");

    /// <summary>Who refers to it directly.</summary>
    public IReadOnlyCollection<Keeper> UsersOf(Keeper kept) => users.TryGetValue(kept, out HashSet<Keeper>? found) ? found : [];

    /// <summary>
    /// Who needs it in the end: the images, containers and leases that lead to it, nearest first; where none does, what
    /// refers to it directly.
    /// </summary>
    public IReadOnlyCollection<Keeper> OwnersOf(Keeper kept)
    {
        var owners = new List<Keeper>();
        var seen = new HashSet<Keeper> { kept };
        var waiting = new Queue<Keeper>([kept]);
        while (waiting.TryDequeue(out Keeper current))
        {
            foreach (Keeper user in UsersOf(current).Where(seen.Add))
            {
                if (user.Kind is ObjectKinds.Blob or ObjectKinds.Snapshot)
                {
                    waiting.Enqueue(user);
                }
                else
                {
                    owners.Add(user);
                }
            }
        }

        return owners.Count > 0 ? owners : UsersOf(kept);
    }

    /// <summary>Takes what was removed out, and with it all it referred to.</summary>
    public void Forget(Keeper removed)
    {
        foreach (HashSet<Keeper> found in users.Values)
        {
            found.Remove(removed);
        }
    }

    private static Keeper? Leased(Wire.LeasesV1.Resource resource)
    {
        const string Snapshots = "snapshots/";
        return resource.Type switch
        {
            "content" => new Keeper(ObjectKinds.Blob, resource.Id),
            "ingests" => new Keeper(ObjectKinds.Ingest, resource.Id),
            _ when resource.Type.StartsWith(Snapshots, StringComparison.Ordinal) => Snapshot(resource.Type[Snapshots.Length..], resource.Id),
            _ => null,
        };
    }

    private static async Task<List<(string Lease, Wire.LeasesV1.Resource Resource)>> LeasedAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        var found = new List<(string, Wire.LeasesV1.Resource)>();
        foreach (Wire.LeasesV1.Lease lease in await client.Leases.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            if (GcLabel.ExpiryOf(lease.Labels) < DateTimeOffset.UtcNow)
            {
                continue;
            }

            try
            {
                IReadOnlyList<Wire.LeasesV1.Resource> resources = await client.Leases.ResourcesAsync(lease.Id, cancellationToken).ConfigureAwait(false);
                found.AddRange(resources.Select(resource => (lease.Id, resource)));
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
            {
                // It ended between the two calls.
            }
        }

        return found;
    }

    private static async Task<List<(string Snapshotter, Wire.SnapshotsV1.Info Info)>> SnapshotsAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        var found = new List<(string, Wire.SnapshotsV1.Info)>();
        foreach (string snapshotter in Plugins.Snapshotters(await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false)))
        {
            try
            {
                await foreach (Wire.SnapshotsV1.Info info in client.Snapshots.ListAsync(snapshotter, [], cancellationToken).ConfigureAwait(false))
                {
                    found.Add((snapshotter, info));
                }
            }
            catch (ContainerdException e) when (e.DaemonMessage is not null)
            {
                // A snapshotter outside the daemon that does not answer keeps nothing that could be asked for.
            }
        }

        return found;
    }

    /// <summary>What a record needs by its labels.</summary>
    private static IEnumerable<Keeper> References(IDictionary<string, string> labels)
    {
        foreach ((string key, string value) in labels)
        {
            if (key.StartsWith(GcLabel.ContentReference, StringComparison.Ordinal) && (key.Length == GcLabel.ContentReference.Length || key[GcLabel.ContentReference.Length] is '.' or '/'))
            {
                yield return new Keeper(ObjectKinds.Blob, value);
            }
            else if (key.StartsWith(GcLabel.SnapshotReference, StringComparison.Ordinal))
            {
                // What follows a slash only tells several references to one snapshotter apart.
                string snapshotter = key[GcLabel.SnapshotReference.Length..];
                int slash = snapshotter.IndexOf('/', StringComparison.Ordinal);
                yield return Snapshot(slash < 0 ? snapshotter : snapshotter[..slash], value);
            }
        }
    }

    private void AddAll(IEnumerable<Keeper> kept, Keeper user)
    {
        foreach (Keeper one in kept)
        {
            Add(one, user);
        }
    }

    private void Add(Keeper kept, Keeper user)
    {
        if (!users.TryGetValue(kept, out HashSet<Keeper>? found))
        {
            users[kept] = found = [];
        }

        found.Add(user);
    }
}
