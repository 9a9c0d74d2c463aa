namespace ContainerdPS;

/// <summary>How a file that is written is compressed.</summary>
public enum ArchiveCompression
{
    /// <summary>As the end of the file's name says: .gz and .tgz, .zst and .tzst; any other is not compressed.</summary>
    Auto,

    /// <summary>Not at all: layers are compressed already, and what is written can be read at any place.</summary>
    None,

    /// <summary>With gzip.</summary>
    Gzip,

    /// <summary>With zstd.</summary>
    Zstd,
}
