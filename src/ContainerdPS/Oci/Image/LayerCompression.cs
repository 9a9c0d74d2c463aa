namespace ContainerdPS.Oci.Image;

/// <summary>How a layer's blob is compressed.</summary>
internal enum LayerCompression
{
    Unknown,
    None,
    Gzip,
    Zstd,
}
