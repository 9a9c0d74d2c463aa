namespace ContainerdPS.Images;

/// <summary>
/// Blobs that have gone from namespaces of one daemon, or would. The bytes of a blob stay on the disk for as long as any
/// namespace has it.
/// </summary>
internal sealed class GoneBlobs
{
    private readonly HashSet<(string Namespace, string Digest)> gone = [];

    /// <summary>Takes a blob for gone from a namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="others">The other namespaces that have it, or had it.</param>
    /// <returns>Whether none has it any more.</returns>
    public bool Add(string @namespace, GarbageNode blob, IReadOnlyList<string> others)
    {
        gone.Add((@namespace, blob.Name));
        return others.All(other => gone.Contains((other, blob.Name)));
    }

    /// <summary>Takes blobs for there again.</summary>
    public void TakeBack(string @namespace, IEnumerable<GarbageNode> blobs)
    {
        foreach (GarbageNode blob in blobs)
        {
            gone.Remove((@namespace, blob.Name));
        }
    }
}
