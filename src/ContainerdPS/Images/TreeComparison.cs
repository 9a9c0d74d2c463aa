using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Images;

/// <summary>
/// Compares the trees of two snapshots on the daemon's side, with any snapshotter: the daemon writes what each has against
/// the other, and the two together tell what came, what went and what is different.
/// </summary>
internal static class TreeComparison
{
    private const string DeletionMark = ".wh.";
    private const int BufferSize = 128 * 1024;

    /// <summary>What a snapshot has against another one: against its parent where <paramref name="reference"/> is null. An empty key stands for an empty tree.</summary>
    /// <returns>The paths that differ, in their order.</returns>
    public static async Task<IReadOnlyList<TreeChange>> RunAsync(
        NamespaceClient client, SnapshotAddress? reference, SnapshotAddress snapshot, CancellationToken cancellationToken)
    {
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            // What the daemon writes for this is of no use afterwards.
            lease.CollectAtEnd();
            var views = new SnapshotViews(lease.Client, snapshot.Snapshotter);
            var otherViews = new SnapshotViews(lease.Client, reference?.Snapshotter ?? snapshot.Snapshotter);
            await using (views.ConfigureAwait(false))
            {
                await using (otherViews.ConfigureAwait(false))
                {
                    IReadOnlyList<Mount> before = reference is { } other
                        ? await otherViews.MountsAsync(other.Key, cancellationToken).ConfigureAwait(false)
                        : await otherViews.ViewAsync((await views.InfoAsync(snapshot.Key, cancellationToken).ConfigureAwait(false)).Parent, cancellationToken).ConfigureAwait(false);
                    IReadOnlyList<Mount> after = await views.MountsAsync(snapshot.Key, cancellationToken).ConfigureAwait(false);
                    return Compare(
                        await ReadAsync(lease.Client, before, after, "new", cancellationToken).ConfigureAwait(false),
                        await ReadAsync(lease.Client, after, before, "old", cancellationToken).ConfigureAwait(false));
                }
            }
        }
    }

    /// <summary>What one tree has against another, by path, and what it lacks.</summary>
    private static async Task<Side> ReadAsync(NamespaceClient client, IReadOnlyList<Mount> left, IReadOnlyList<Mount> right, string name, CancellationToken cancellationToken)
    {
        OciDescriptor layer = await SnapshotDiff.WriteAsync(
            client, ReadOnlyMounts.Of(left), ReadOnlyMounts.Of(right), MediaTypes.OciLayer, $"compare-{name}-{client.Lease}", cancellationToken).ConfigureAwait(false);
        var side = new Side([], []);
        var content = new ContentStream(client, layer.Digest);
        await using (content.ConfigureAwait(false))
        {
            using var reader = new TarStreamReader(new BufferedStream(content, BufferSize), layer.Digest);
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                string path = '/' + entry.Name.Trim('/');
                int slash = path.LastIndexOf('/');
                if (path.AsSpan(slash + 1).StartsWith(DeletionMark, StringComparison.Ordinal))
                {
                    side.Lacks.Add(path[..(slash + 1)] + path[(slash + 1 + DeletionMark.Length)..]);
                }
                else
                {
                    side.Has[path] = entry;
                }
            }
        }

        return side;
    }

    private static List<TreeChange> Compare(Side after, Side before)
    {
        var changes = new List<TreeChange>();
        foreach ((string path, TarEntry entry) in after.Has)
        {
            bool common = before.Has.TryGetValue(path, out TarEntry? old);
            if (common ? !IsSameFolder(entry, old!) : IsNew(path, before, after))
            {
                changes.Add(new TreeChange(path, common ? ContainerFileChangeKind.Changed : ContainerFileChangeKind.Added, entry, old));
            }
        }

        foreach ((string path, TarEntry entry) in before.Has)
        {
            if (!after.Has.ContainsKey(path) && IsNew(path, after, before))
            {
                changes.Add(new TreeChange(path, ContainerFileChangeKind.Removed, entry, entry));
            }
        }

        changes.Sort(static (one, other) => string.CompareOrdinal(one.Path, other.Path));
        return changes;
    }

    /// <summary>The folders above what has changed come along, unchanged.</summary>
    private static bool IsSameFolder(TarEntry one, TarEntry other) =>
        one.Kind == TarEntryKind.Directory && other.Kind == TarEntryKind.Directory
        && one.Mode == other.Mode && one.UserId == other.UserId && one.GroupId == other.GroupId && one.ModifiedSeconds == other.ModifiedSeconds;

    /// <summary>
    /// Whether the other tree does not have a path. A name of a file with several comes along when another of its names is
    /// new, although it is there on both sides: it is neither lacking nor below what was no folder.
    /// </summary>
    private static bool IsNew(string path, Side other, Side own)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            string above = path[..end];
            if (other.Lacks.Contains(above)
                || (end < path.Length && other.Has.TryGetValue(above, out TarEntry? there) && there.Kind != TarEntryKind.Directory && own.Has.GetValueOrDefault(above)?.Kind == TarEntryKind.Directory))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a tree has against another.</summary>
    /// <param name="Has">What is in it alone, or different, by path; and what comes along.</param>
    /// <param name="Lacks">The paths the other has and it has not, without those below them.</param>
    private sealed record Side(Dictionary<string, TarEntry> Has, HashSet<string> Lacks);
}
