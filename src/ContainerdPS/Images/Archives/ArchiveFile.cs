using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>A file of an archive that is, or can become, a blob of the sink.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Digest">Of its content.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Compression">What its first bytes say.</param>
internal sealed record ArchiveFile(string Name, string Digest, long Size, LayerCompression Compression)
{
    /// <summary>Where its content begins in an archive that can be read in any order; null when it is in the sink.</summary>
    public long? Start { get; init; }
}
