namespace ContainerdPS.Images.Archives.Streams;

/// <summary>How an archive or a layer is compressed.</summary>
internal enum ArchiveCompression
{
    None,
    Gzip,
    Zstandard,
}
