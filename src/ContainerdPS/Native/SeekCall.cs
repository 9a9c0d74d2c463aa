using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>lseek(2) to where a sparse file has data and where it has none. 64-bit Linux.</summary>
internal static partial class SeekCall
{
    private const int ToData = 3;
    private const int ToHole = 4;

    /// <summary>Where the next data begins; -1 when there is none, or the file system does not tell.</summary>
    public static long NextData(SafeFileHandle file, long offset, out int error) => Seek(file, offset, ToData, out error);

    /// <summary>Where the data at an offset ends.</summary>
    public static long NextHole(SafeFileHandle file, long offset, out int error) => Seek(file, offset, ToHole, out error);

    private static long Seek(SafeFileHandle file, long offset, int whence, out int error)
    {
        nint result = lseek(file, (nint)offset, whence);
        error = result < 0 ? Errno.Last : 0;
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lseek(SafeFileHandle file, nint offset, int whence);
}
