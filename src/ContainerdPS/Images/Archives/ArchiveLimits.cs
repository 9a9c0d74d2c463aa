namespace ContainerdPS.Images.Archives;

/// <summary>How much an archive may ask for. Real images stay far below each of these.</summary>
internal static class ArchiveLimits
{
    /// <summary>Bytes of a manifest, an index, a config: the parts that are held in memory.</summary>
    public const int Document = 8 * 1024 * 1024;

    /// <summary>Manifests and indexes of one archive, counting those that are only mentioned.</summary>
    public const int Manifests = 10_000;

    /// <summary>Indexes within indexes.</summary>
    public const int Depth = 8;

    /// <summary>Entries of an archive of images; their names are held in memory.</summary>
    public const int Entries = 100_000;

    /// <summary>Links from one layer to the next before the file they stand for.</summary>
    public const int Links = 32;
}
