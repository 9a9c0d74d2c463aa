namespace ContainerdPS.Images;

/// <summary>
/// What refers to what in a namespace, as the daemon's garbage collection sees it: images, containers, leases and labels
/// keep blobs and snapshots, and those keep others.
/// </summary>
internal sealed class GarbageGraph
{
    private readonly Dictionary<GarbageNode, List<GarbageNode>> references = [];
    private readonly Dictionary<GarbageNode, long> sizes = [];
    private readonly Dictionary<GarbageNode, string[]> elsewhere = [];
    private readonly HashSet<GarbageNode> roots = [];
    private readonly HashSet<GarbageNode> whole = [];

    /// <summary>The images that are taken for removed.</summary>
    private readonly HashSet<GarbageNode> removed = [];

    private HashSet<GarbageNode> unreachable = [];

    /// <summary>Blobs and snapshots that nothing keeps.</summary>
    public IReadOnlyCollection<GarbageNode> Unreferenced => unreachable;

    /// <summary>Adds a blob or a snapshot with its bytes, and the other namespaces that have it too.</summary>
    public void AddObject(GarbageNode node, long size, IEnumerable<string>? others = null)
    {
        sizes[node] = size;
        elsewhere[node] = [.. others ?? []];
        whole.Add(node);
    }

    /// <summary>Adds what stays by itself.</summary>
    public void AddRoot(GarbageNode node) => roots.Add(node);

    /// <summary>Adds that one thing keeps another.</summary>
    public void AddReference(GarbageNode from, GarbageNode to)
    {
        if (!references.TryGetValue(from, out List<GarbageNode>? all))
        {
            references[from] = all = [];
        }

        all.Add(to);
    }

    /// <summary>Says that the graph is complete: what nothing keeps now is garbage already.</summary>
    public void Complete() => unreachable = Unreachable();

    /// <summary>Takes an image for removed, after those before it.</summary>
    /// <returns>What nothing keeps any more by that.</returns>
    public IReadOnlyList<GarbageNode> Remove(string image)
    {
        removed.Add(GarbageNode.Image(image));
        HashSet<GarbageNode> before = unreachable;
        unreachable = Unreachable();
        return [.. unreachable.Where(node => !before.Contains(node))];
    }

    /// <summary>Takes an image for there again.</summary>
    public void Keep(string image)
    {
        removed.Remove(GarbageNode.Image(image));
        unreachable = Unreachable();
    }

    /// <summary>The bytes some nodes have.</summary>
    public long Size(IEnumerable<GarbageNode> nodes) => nodes.Sum(node => sizes.GetValueOrDefault(node));

    /// <summary>The other namespaces that have a blob as well.</summary>
    public IReadOnlyList<string> Elsewhere(GarbageNode node) => elsewhere.GetValueOrDefault(node) ?? [];

    private HashSet<GarbageNode> Unreachable()
    {
        var reached = new HashSet<GarbageNode>(roots);
        reached.ExceptWith(removed);
        var pending = new Stack<GarbageNode>(reached);
        while (pending.TryPop(out GarbageNode node))
        {
            foreach (GarbageNode next in references.GetValueOrDefault(node) ?? [])
            {
                if (!removed.Contains(next) && reached.Add(next))
                {
                    pending.Push(next);
                }
            }
        }

        var left = new HashSet<GarbageNode>(whole);
        left.ExceptWith(reached);
        return left;
    }
}
