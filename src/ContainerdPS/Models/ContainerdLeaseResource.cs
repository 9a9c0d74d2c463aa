namespace ContainerdPS;

/// <summary>Something a lease protects.</summary>
/// <param name="Type">What it is, in containerd's words: <c>content</c>, <c>ingests</c>, or <c>snapshots/</c> and the snapshotter.</param>
/// <param name="Id">Its digest, reference or key.</param>
public sealed record ContainerdLeaseResource(string Type, string Id)
{
    /// <summary>Gives type and id in one text.</summary>
    /// <returns>Such as <c>content sha256:1f2e...</c>.</returns>
    public override string ToString() => $"{Type} {Id}";
}
