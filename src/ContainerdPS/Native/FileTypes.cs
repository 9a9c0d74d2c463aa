using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>
/// Tells a fifo from everything else. Asks by statx's system call number: struct statx has one layout on every
/// architecture, unlike struct stat, and older C libraries have no statx function. Linux only.
/// </summary>
internal static partial class FileTypes
{
    private const int CurrentDirectory = -100;
    private const int SymlinkNoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint TypeOnly = 1;
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int FifoType = 0x1000;

    /// <summary>Is the path itself a fifo? A symbolic link to one is not, and neither is what does not exist.</summary>
    public static bool IsFifo(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return Statx(StatxNumber, CurrentDirectory, path, SymlinkNoFollow, TypeOnly, status) == 0 && HasFifoType(status);
    }

    /// <summary>Is what has been opened a fifo?</summary>
    public static bool IsFifo(FileDescriptor descriptor)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return Statx(StatxNumber, descriptor, string.Empty, EmptyPath, TypeOnly, status) == 0 && HasFifoType(status);
    }

    private static nint StatxNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 332,
        Architecture.X86 => 383,
        Architecture.Arm => 397,
        Architecture.S390x => 379,
        Architecture.Ppc64le => 383,
        _ => 291,
    };

    private static bool HasFifoType(ReadOnlySpan<byte> status)
    {
        ReadOnlySpan<byte> mode = status[ModeOffset..];
        int value = BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(mode)
            : BinaryPrimitives.ReadUInt16BigEndian(mode);
        return (value & TypeMask) == FifoType;
    }

    [LibraryImport("libc", EntryPoint = "syscall", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Statx(nint number, nint directory, string path, nint flags, nuint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "syscall", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Statx(nint number, FileDescriptor descriptor, string path, nint flags, nuint mask, Span<byte> status);
}
