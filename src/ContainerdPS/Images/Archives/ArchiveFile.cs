using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>A file of an archive that became a blob of the sink.</summary>
internal sealed record ArchiveFile(string Digest, long Size, LayerCompression Compression);
