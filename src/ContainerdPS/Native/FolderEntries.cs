using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// Reads the names in an open folder a buffer at a time, so that a folder of a million takes no more memory than one of
/// ten: getdents64, by its system call number. Linux only.
/// </summary>
internal sealed partial class FolderEntries(SafeFileHandle folder)
{
    // struct linux_dirent64: u64 inode, s64 offset, u16 length of the record, u8 type, the name and a NUL.
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    private readonly byte[] buffer = new byte[16 * 1024];
    private int position;
    private int end;

    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 or Architecture.Arm or Architecture.Armv6 => 217,
        Architecture.X86 or Architecture.S390x => 220,
        Architecture.Ppc64le => 202,
        _ => 61,
    };

    /// <summary>The next name; null at the end and when reading fails.</summary>
    public string? Next(out int error)
    {
        error = 0;
        while (true)
        {
            if (position >= end)
            {
                nint read = Read(Number, folder, buffer, (nuint)buffer.Length);
                error = read < 0 ? Errno.Last : 0;
                if (read <= 0)
                {
                    return null;
                }

                (position, end) = (0, (int)read);
            }

            ReadOnlySpan<byte> record = buffer.AsSpan(position, BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(position + LengthOffset))
                : BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(position + LengthOffset)));
            position += record.Length;
            ReadOnlySpan<byte> name = record[NameOffset..];
            name = name[..name.IndexOf((byte)0)];

            // A file system of the container's own making may claim names that would be read as paths.
            if (!name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.Contains((byte)'/'))
            {
                return FileNames.Decode(name);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Read(nint number, SafeFileHandle folder, Span<byte> buffer, nuint size);
}
