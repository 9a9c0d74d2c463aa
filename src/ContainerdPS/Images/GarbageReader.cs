using ContainerdPS.Services;
using Google.Protobuf.Collections;

namespace ContainerdPS.Images;

/// <summary>Reads what refers to what in a namespace.</summary>
internal sealed class GarbageReader
{
    private const string BackReference = "containerd.io/gc.bref.";
    private const string Reference = "containerd.io/gc.ref.";
    private const string SnapshotResource = "snapshots/";

    private readonly NamespaceClient client;
    private readonly GarbageGraph graph = new();

    private GarbageReader(NamespaceClient client) => this.client = client;

    public static async Task<GarbageGraph> ReadAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        var reader = new GarbageReader(client);
        await reader.AddContentAsync(cancellationToken).ConfigureAwait(false);
        foreach (string snapshotter in Plugins.Snapshotters(await client.Introspection.PluginsAsync(cancellationToken).ConfigureAwait(false)))
        {
            await reader.AddSnapshotsAsync(snapshotter, cancellationToken).ConfigureAwait(false);
        }

        // The roots come last: what they keep was there before, and nothing they keep is taken for garbage.
        await reader.AddImagesAsync(cancellationToken).ConfigureAwait(false);
        await reader.AddContainersAsync(cancellationToken).ConfigureAwait(false);
        await reader.AddLeasesAsync(cancellationToken).ConfigureAwait(false);
        reader.graph.Complete();
        return reader.graph;
    }

    private async Task AddContentAsync(CancellationToken cancellationToken)
    {
        ILookup<string, string> elsewhere = await ElsewhereAsync(cancellationToken).ConfigureAwait(false);
        await foreach (Wire.ContentV1.Info blob in client.Content.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            var node = GarbageNode.Blob(blob.Digest);
            graph.AddObject(node, blob.Size, elsewhere[blob.Digest]);
            AddLabels(node, blob.Labels);
        }
    }

    /// <summary>The blobs of other namespaces, and which have each.</summary>
    private async Task<ILookup<string, string>> ElsewhereAsync(CancellationToken cancellationToken)
    {
        var digests = new List<(string Digest, string Namespace)>();
        foreach (Wire.NamespacesV1.Namespace other in await client.Namespaces.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (other.Name == client.Namespace)
            {
                continue;
            }

            await foreach (Wire.ContentV1.Info blob in client.InNamespace(other.Name).Content.ListAsync([], cancellationToken).ConfigureAwait(false))
            {
                digests.Add((blob.Digest, other.Name));
            }
        }

        return digests.ToLookup(static one => one.Digest, static one => one.Namespace, StringComparer.Ordinal);
    }

    private async Task AddSnapshotsAsync(string snapshotter, CancellationToken cancellationToken)
    {
        var unpacked = new UnpackedSizes(client);
        await foreach (Wire.SnapshotsV1.Info snapshot in client.Snapshots.ListAsync(snapshotter, [], cancellationToken).ConfigureAwait(false))
        {
            var node = GarbageNode.Snapshot(snapshotter, snapshot.Name);
            graph.AddObject(node, await unpacked.OfSnapshotAsync(snapshotter, snapshot.Name, cancellationToken).ConfigureAwait(false) ?? 0);
            AddLabels(node, snapshot.Labels);
            if (snapshot.Parent.Length > 0)
            {
                graph.AddReference(node, GarbageNode.Snapshot(snapshotter, snapshot.Parent));
            }
        }
    }

    private async Task AddImagesAsync(CancellationToken cancellationToken)
    {
        foreach (Wire.ImagesV1.Image image in await client.Images.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            var node = GarbageNode.Image(image.Name);
            if (!IsOver(image.Labels))
            {
                graph.AddRoot(node);
            }

            graph.AddReference(node, GarbageNode.Blob(image.Target?.Digest ?? string.Empty));
            AddReferences(node, image.Labels);
        }
    }

    private async Task AddContainersAsync(CancellationToken cancellationToken)
    {
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            var node = GarbageNode.Container(container.Id);
            graph.AddRoot(node);
            AddReferences(node, container.Labels);
            if (container.SnapshotKey.Length > 0)
            {
                graph.AddReference(node, GarbageNode.Snapshot(container.Snapshotter, container.SnapshotKey));
            }
        }
    }

    private async Task AddLeasesAsync(CancellationToken cancellationToken)
    {
        foreach (Wire.LeasesV1.Lease lease in await client.Leases.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            if (IsOver(lease.Labels))
            {
                continue;
            }

            // A flat lease keeps only what it names. It is taken to keep what that refers to as well: too little is promised
            // then, and never too much.
            var node = GarbageNode.Lease(lease.Id);
            graph.AddRoot(node);
            foreach (Wire.LeasesV1.Resource resource in await ResourcesAsync(lease.Id, cancellationToken).ConfigureAwait(false))
            {
                GarbageNode kept = resource.Type.StartsWith(SnapshotResource, StringComparison.Ordinal)
                    ? GarbageNode.Snapshot(resource.Type[SnapshotResource.Length..], resource.Id)
                    : GarbageNode.Blob(resource.Id);
                graph.AddReference(node, kept);
            }
        }
    }

    private async Task<IReadOnlyList<Wire.LeasesV1.Resource>> ResourcesAsync(string lease, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Leases.ResourcesAsync(lease, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // It ended in the meantime.
            return [];
        }
    }

    private void AddLabels(GarbageNode node, MapField<string, string> labels)
    {
        if (labels.Keys.Any(static key => key.StartsWith(GcLabel.Root, StringComparison.Ordinal)) || GcLabel.ExpiryOf(labels) > DateTimeOffset.UtcNow)
        {
            graph.AddRoot(node);
        }

        AddReferences(node, labels);
    }

    private void AddReferences(GarbageNode node, IDictionary<string, string> labels)
    {
        foreach ((string key, string value) in labels)
        {
            if (key.StartsWith(Reference, StringComparison.Ordinal) && Other(key[Reference.Length..], value) is { } kept)
            {
                graph.AddReference(node, kept);
            }
            else if (key.StartsWith(BackReference, StringComparison.Ordinal) && Other(key[BackReference.Length..], value) is { } keeper)
            {
                graph.AddReference(keeper, node);
            }
        }
    }

    /// <summary>What a label refers to: <c>content</c>, <c>image</c> or <c>container</c> with any suffix, or <c>snapshot.SNAPSHOTTER</c>.</summary>
    private static GarbageNode? Other(string kind, string value)
    {
        string[] parts = kind.Split(['.', '/'], 2);
        return parts[0] switch
        {
            "content" => GarbageNode.Blob(value),
            "image" => GarbageNode.Image(value),
            "container" => GarbageNode.Container(value),
            "snapshot" when parts.Length == 2 => GarbageNode.Snapshot(parts[1].Split('/')[0], value),
            _ => null,
        };
    }

    private static bool IsOver(IDictionary<string, string> labels) => GcLabel.ExpiryOf(labels) <= DateTimeOffset.UtcNow;
}
