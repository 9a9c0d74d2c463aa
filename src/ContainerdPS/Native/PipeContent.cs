using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>What is in a pipe or fifo, looked at without taking it out. Linux only.</summary>
internal static partial class PipeContent
{
    private const uint NonBlocking = 2;
    private const nuint GetBytesThere = 0x541B;
    private const int GetPipeSize = 1032;

    /// <summary>
    /// Copies what is in a pipe into another, empty one, and leaves it there: the number of bytes, 0 when there is
    /// nothing and no writer, or the negative error number.
    /// </summary>
    public static int Copy(FileDescriptor from, FileDescriptor to, int count)
    {
        while (true)
        {
            nint copied = tee(from, to, (nuint)count, NonBlocking);
            if (copied >= 0)
            {
                return (int)copied;
            }

            int errno = Errno.Last;
            if (errno != Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    /// <summary>How many bytes there are to read now.</summary>
    public static int Count(FileDescriptor pipe) => ioctl(pipe, GetBytesThere, out int count) == 0 ? count : 0;

    /// <summary>How many bytes it has room for, in whole pages.</summary>
    public static int Capacity(FileDescriptor pipe) => fcntl(pipe, GetPipeSize, 0);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint tee(FileDescriptor from, FileDescriptor to, nuint count, uint flags);

    [LibraryImport("libc")]
    private static partial int ioctl(FileDescriptor fd, nuint request, out int count);

    [LibraryImport("libc")]
    private static partial int fcntl(FileDescriptor fd, int command, int argument);
}
