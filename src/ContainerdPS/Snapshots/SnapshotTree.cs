using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Snapshots;

/// <summary>The snapshots of one snapshotter by their parents.</summary>
internal sealed class SnapshotTree
{
    private readonly Dictionary<string, Info> byKey;
    private readonly ILookup<string, Info> children;

    public SnapshotTree(IReadOnlyCollection<Info> snapshots)
    {
        byKey = snapshots.ToDictionary(static info => info.Name, StringComparer.Ordinal);
        children = snapshots.OrderBy(static info => info.Name, StringComparer.Ordinal).ToLookup(static info => info.Parent, StringComparer.Ordinal);
    }

    /// <summary>Those that lie on none, or on one that was not read.</summary>
    public IEnumerable<Info> Tops => byKey.Values.Where(info => !byKey.ContainsKey(info.Parent)).OrderBy(static info => info.Name, StringComparer.Ordinal);

    /// <summary>A snapshot by its key; null when there is none.</summary>
    public Info? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>A snapshot and all that lie on it, each before those that lie on it.</summary>
    public IEnumerable<(Info Info, int Depth)> Down(Info top)
    {
        var waiting = new Stack<(Info Info, int Depth)>([(top, 0)]);
        while (waiting.TryPop(out (Info Info, int Depth) current))
        {
            yield return current;
            foreach (Info child in children[current.Info.Name].Reverse())
            {
                waiting.Push((child, current.Depth + 1));
            }
        }
    }

    /// <summary>What a snapshot lies on, from its parent to the bottom.</summary>
    public IEnumerable<Info> Up(Info from)
    {
        for (Info? parent = Find(from.Parent); parent is not null; parent = Find(parent.Parent))
        {
            yield return parent;
        }
    }
}
