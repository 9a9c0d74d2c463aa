using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>Fifos: making, opening without waiting for the other end, reading and writing. Linux only.</summary>
internal static partial class Fifo
{
    private const int WriteOnly = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>Makes a fifo for its owner alone. Returns 0 or the error number.</summary>
    public static int Make(string path) => MkFifo(path, 0x1C0) == 0 ? 0 : Errno.Last;

    /// <summary>Opens the reading end; that works whether or not there is a writer. Returns 0 or the error number.</summary>
    public static int OpenForReading(string path, out FileDescriptor descriptor) => Open(path, 0, out descriptor);

    /// <summary>Opens the writing end. Returns 0, or the error number: <see cref="Errno.ENXIO"/> while nobody reads.</summary>
    public static int OpenForWriting(string path, out FileDescriptor descriptor) => Open(path, WriteOnly, out descriptor);

    /// <summary>Reads what is there: the number of bytes, 0 when there is no writer, or the negative error number.</summary>
    public static int Read(FileDescriptor descriptor, Span<byte> buffer)
    {
        while (true)
        {
            nint read = Read(descriptor, buffer, (nuint)buffer.Length);
            if (read >= 0)
            {
                return (int)read;
            }
            int errno = Errno.Last;
            if (errno != Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    /// <summary>Writes what there is room for: the number of bytes, or the negative error number.</summary>
    /// <remarks>The .NET runtime ignores SIGPIPE, so a reader that has gone shows as <see cref="Errno.EPIPE"/>.</remarks>
    public static int Write(FileDescriptor descriptor, ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            nint written = Write(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                return (int)written;
            }
            int errno = Errno.Last;
            if (errno != Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    private static int Open(string path, int access, out FileDescriptor descriptor)
    {
        while (true)
        {
            int number = OpenPath(path, access | NonBlocking | CloseOnExec);
            int errno = number < 0 ? Errno.Last : 0;
            if (errno != Errno.EINTR)
            {
                descriptor = new FileDescriptor(number);
                return errno;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(FileDescriptor descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(FileDescriptor descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
