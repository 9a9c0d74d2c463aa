namespace ContainerdPS.Native;

/// <summary>What statx tells about a file.</summary>
/// <param name="Mode">Type and permission bits, as in st_mode.</param>
/// <param name="DeviceMajor">Major number of the device a device node stands for.</param>
/// <param name="DeviceMinor">Minor number of the device a device node stands for.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Owning group.</param>
internal readonly record struct FileStatus(uint Mode, uint DeviceMajor, uint DeviceMinor, uint Uid, uint Gid)
{
    private const uint TypeMask = 0xF000;

    /// <summary>How many names it has.</summary>
    public uint LinkCount { get; init; }

    /// <summary>Bytes of content.</summary>
    public long Size { get; init; }

    /// <summary>What its content takes on the disk, in units of 512 bytes.</summary>
    public long Blocks { get; init; }

    /// <summary>When its content was changed, since 1970, and the part of a second.</summary>
    public long ModifiedSeconds { get; init; }

    public uint ModifiedNanoseconds { get; init; }

    /// <summary>When it came to be, in seconds since 1970; null where the file system does not keep that.</summary>
    public long? BornSeconds { get; init; }

    /// <summary>Whether it is mounted where it was found. Always false before Linux 5.8, which does not tell.</summary>
    public bool IsMountPoint { get; init; }

    /// <summary>What makes two names the same file.</summary>
    public FileIdentity Identity { get; init; }

    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    public bool IsSymbolicLink => (Mode & TypeMask) == 0xA000;

    public bool IsCharacterDevice => (Mode & TypeMask) == 0x2000;

    public bool IsFifo => (Mode & TypeMask) == 0x1000;

    public bool IsBlockDevice => (Mode & TypeMask) == 0x6000;

    public bool IsSocket => (Mode & TypeMask) == 0xC000;

    /// <summary>The node overlayfs puts in place of a deleted file: character device 0:0.</summary>
    public bool IsWhiteout => IsCharacterDevice && DeviceMajor == 0 && DeviceMinor == 0;

    /// <summary>Permission bits, such as octal 0644, without the type and without setuid, setgid and sticky.</summary>
    public uint Permissions => Mode & 0x1FF;
}
