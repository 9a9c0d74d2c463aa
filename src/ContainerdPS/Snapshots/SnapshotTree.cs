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
    public IEnumerable<(Info Info, TreePlace Place)> Down(Info top)
    {
        var waiting = new Stack<(Info Info, TreePlace Place, string Margin)>([(top, new TreePlace(0, string.Empty), string.Empty)]);
        while (waiting.TryPop(out (Info Info, TreePlace Place, string Margin) current))
        {
            yield return (current.Info, current.Place);
            bool last = true;
            foreach (Info child in children[current.Info.Name].Reverse())
            {
                waiting.Push((child, new TreePlace(current.Place.Depth + 1, current.Margin + (last ? "└ " : "├ ")), current.Margin + (last ? "  " : "│ ")));
                last = false;
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

/// <summary>Where in a tree a snapshot was found.</summary>
/// <param name="Depth">How far below the top.</param>
/// <param name="Branch">The lines that lead to it, as they are drawn before its key; empty at the top.</param>
internal readonly record struct TreePlace(int Depth, string Branch);
