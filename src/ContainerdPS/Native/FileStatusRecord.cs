using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>The kernel's struct statx: the same on every architecture, 256 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct FileStatusRecord
{
    /// <summary>The bits of <see cref="Mode"/> that give the type, and their values.</summary>
    public const int TypeMask = 0xF000;
    public const int Fifo = 0x1000;
    public const int CharacterDevice = 0x2000;
    public const int Directory = 0x4000;
    public const int BlockDevice = 0x6000;
    public const int File = 0x8000;
    public const int SymbolicLink = 0xA000;
    public const int Socket = 0xC000;

    private const uint HasBirthTime = 0x800;

    [FieldOffset(0)]
    private readonly uint mask;
    [FieldOffset(80)]
    private readonly long bornSeconds;

    [FieldOffset(16)]
    public readonly uint LinkCount;
    [FieldOffset(20)]
    public readonly uint UserId;
    [FieldOffset(24)]
    public readonly uint GroupId;
    [FieldOffset(28)]
    public readonly ushort Mode;
    [FieldOffset(32)]
    public readonly ulong Inode;
    [FieldOffset(40)]
    public readonly ulong Size;
    [FieldOffset(112)]
    public readonly long ModifiedSeconds;
    [FieldOffset(128)]
    public readonly uint DeviceMajor;
    [FieldOffset(132)]
    public readonly uint DeviceMinor;
    [FieldOffset(136)]
    public readonly uint FileSystemMajor;
    [FieldOffset(140)]
    public readonly uint FileSystemMinor;

    /// <summary>When the file came to be, in seconds since 1970; null where the file system does not keep that.</summary>
    public long? BornSeconds => (mask & HasBirthTime) != 0 ? bornSeconds : null;

    /// <summary>What makes two paths the same file.</summary>
    public (uint Major, uint Minor, ulong Inode) Identity => (FileSystemMajor, FileSystemMinor, Inode);
}
