namespace ContainerdPS.Images.Archives.Tar;

/// <summary>What a tar entry stands for.</summary>
internal enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,

    /// <summary>A file stored without its holes: the bytes in the archive are not the file's bytes.</summary>
    SparseFile,

    /// <summary>Anything else (volume labels, vendor extensions): carried along, never looked into.</summary>
    Other,
}
