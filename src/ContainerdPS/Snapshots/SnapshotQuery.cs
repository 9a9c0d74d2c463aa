using System.Runtime.CompilerServices;
using ContainerdPS.Mapping;
using ContainerdPS.Mounts;
using ContainerdPS.Native;
using ContainerdPS.Services;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>Which snapshots of one snapshotter are wanted, and in what order.</summary>
internal sealed record SnapshotQuery
{
    /// <summary>containerd's own filters; one of them has to match.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Whether the key is wanted; null for all.</summary>
    public Func<string, bool>? Key { get; init; }

    /// <summary>The kinds wanted; empty for any.</summary>
    public IReadOnlyList<ContainerSnapshotKind> Kinds { get; init; } = [];

    /// <summary>Each with what lies on it, in place of a list.</summary>
    public bool Tree { get; init; }

    /// <summary>What each lies on, in its place.</summary>
    public bool Ancestors { get; init; }

    /// <summary>Reads one snapshot.</summary>
    public static async Task<ContainerSnapshot> ReadOneAsync(NamespaceClient client, SnapshotAddress address, CancellationToken cancellationToken) =>
        ToModel(client, address.Snapshotter, await client.Snapshots.GetAsync(address.Snapshotter, address.Key, cancellationToken).ConfigureAwait(false), Mounted(client));

    /// <summary>Reads the snapshots, as they arrive where their order allows it.</summary>
    public async IAsyncEnumerable<ContainerSnapshot> ReadAsync(NamespaceClient client, string snapshotter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<MountRecord> mounted = Mounted(client);
        IAsyncEnumerable<(Info Info, TreePlace? Place)> found = Tree || Ancestors ? RelatedAsync(client, snapshotter, cancellationToken) : ListAsync(client, snapshotter, cancellationToken);
        await foreach ((Info info, TreePlace? place) in found.ConfigureAwait(false))
        {
            ContainerSnapshot snapshot = ToModel(client, snapshotter, info, mounted, place);
            if (Kinds.Count == 0 || Kinds.Contains(snapshot.Kind))
            {
                yield return snapshot;
            }
        }
    }

    private static ContainerSnapshot ToModel(NamespaceClient client, string snapshotter, Info info, IReadOnlyList<MountRecord> mounted, TreePlace? place = null) =>
        SnapshotMapping.ToModel(
            client,
            snapshotter,
            info,
            [.. mounted.Where(record => record.Snapshotter == snapshotter && (record.Key == info.Name || record.View == info.Name)).Select(static record => record.Path)],
            place);

    private static IReadOnlyList<MountRecord> Mounted(NamespaceClient client) => LinuxOnly.IsHere && client.Session.IsLocal
        ? [.. MountRecords.All().Where(record => record.Address == client.Session.Address && record.Namespace == client.Namespace)]
        : [];

    private async IAsyncEnumerable<(Info Info, TreePlace? Place)> ListAsync(NamespaceClient client, string snapshotter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Info info in client.Snapshots.ListAsync(snapshotter, Filters, cancellationToken).ConfigureAwait(false))
        {
            if (Key is null || Key(info.Name))
            {
                yield return (info, null);
            }
        }
    }

    private async IAsyncEnumerable<(Info Info, TreePlace? Place)> RelatedAsync(NamespaceClient client, string snapshotter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Info> all = await client.Snapshots.ListAsync(snapshotter, [], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false);
        var tree = new SnapshotTree(all);
        IEnumerable<Info> from = Filters.Count == 0 && Key is null && !Ancestors
            ? tree.Tops
            : Filters.Count == 0
                ? all.Where(info => Key is null || Key(info.Name)).OrderBy(static info => info.Name, StringComparer.Ordinal)
                : (await client.Snapshots.ListAsync(snapshotter, Filters, cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false)).Where(info => Key is null || Key(info.Name));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Info start in from)
        {
            IEnumerable<(Info Info, TreePlace? Place)> related = Ancestors
                ? tree.Up(start).Select(static info => (info, (TreePlace?)null))
                : tree.Down(start).Select(static entry => (entry.Info, (TreePlace?)entry.Place));
            foreach ((Info info, TreePlace? place) in related)
            {
                if (seen.Add(info.Name))
                {
                    yield return (info, place);
                }
            }
        }
    }
}
