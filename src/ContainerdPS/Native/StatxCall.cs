using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// statx(2), by its system call number: struct statx has one layout on every architecture, unlike struct stat, and
/// older C libraries have no statx function. Linux only. Each returns 0 or the error number.
/// </summary>
internal static partial class StatxCall
{
    private const int CurrentDirectory = -100;
    private const int SymlinkNoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BirthTime = 0x800;
    private const uint Wanted = 0x7FF | BirthTime;
    private const ulong MountRoot = 0x2000;

    /// <summary>The status of a path, of the link itself when it is a symbolic link.</summary>
    public static int Read(string path, out FileStatus status) =>
        Finish(Statx(Number, CurrentDirectory, path, SymlinkNoFollow, Wanted, out Buffer raw), raw, out status);

    /// <summary>The status of what a path leads to.</summary>
    public static int ReadTarget(string path, out FileStatus status) =>
        Finish(Statx(Number, CurrentDirectory, path, 0, Wanted, out Buffer raw), raw, out status);

    /// <summary>The status of a name inside an open folder, of the link itself when it is a symbolic link.</summary>
    public static int Read(SafeFileHandle folder, string name, out FileStatus status) =>
        Finish(Statx(Number, folder, name, SymlinkNoFollow, Wanted, out Buffer raw), raw, out status);

    /// <summary>The status of what has been opened.</summary>
    public static int Read(SafeHandle file, out FileStatus status) =>
        Finish(Statx(Number, file, string.Empty, EmptyPath, Wanted, out Buffer raw), raw, out status);

    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.X86 => 383,
        Architecture.Arm or Architecture.Armv6 => 397,
        Architecture.S390x => 379,
        Architecture.Ppc64le => 383,
        _ => 291,
    };

    private static int Finish(nint result, in Buffer raw, out FileStatus status)
    {
        status = new FileStatus(raw.Mode, raw.DeviceMajor, raw.DeviceMinor, raw.Uid, raw.Gid)
        {
            LinkCount = raw.LinkCount,
            Size = (long)raw.Size,
            Blocks = (long)raw.Blocks,
            ModifiedSeconds = raw.ModifiedSeconds,
            ModifiedNanoseconds = raw.ModifiedNanoseconds,
            BornSeconds = (raw.Mask & BirthTime) != 0 ? raw.BornSeconds : null,
            IsMountPoint = (raw.Attributes & MountRoot) != 0,
            Identity = new FileIdentity(raw.FileSystemMajor, raw.FileSystemMinor, raw.Inode),
        };
        return result == 0 ? 0 : Errno.Last;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial nint Statx(nint number, nint folder, string path, nint flags, nuint mask, out Buffer buffer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial nint Statx(nint number, SafeHandle folder, string path, nint flags, nuint mask, out Buffer buffer);

    /// <summary>struct statx, of which these members are read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(8)]
        public ulong Attributes;

        [FieldOffset(16)]
        public uint LinkCount;

        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(24)]
        public uint Gid;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(48)]
        public ulong Blocks;

        [FieldOffset(80)]
        public long BornSeconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(128)]
        public uint DeviceMajor;

        [FieldOffset(132)]
        public uint DeviceMinor;

        [FieldOffset(136)]
        public uint FileSystemMajor;

        [FieldOffset(140)]
        public uint FileSystemMinor;
    }
}
