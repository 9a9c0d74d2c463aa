using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>flock(2): a lock on what is open, gone when it is closed, however that comes about. Linux only.</summary>
internal static partial class FileLock
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int DoNotWait = 4;

    /// <summary>Opens and locks a folder for one holder alone. Returns 0 or the error number: <see cref="Errno.EAGAIN"/> when it is locked.</summary>
    public static int TryLockFolder(string path, out FileDescriptor folder)
    {
        int number = open(path, NonBlocking | CloseOnExec, 0);
        int errno = number < 0 ? Errno.Last : 0;
        folder = new FileDescriptor(number);
        return errno != 0 ? errno : flock(folder, Exclusive | DoNotWait) == 0 ? 0 : Errno.Last;
    }

    /// <summary>Locks what is open together with whoever else does so.</summary>
    public static void Share(FileDescriptor file) => _ = flock(file, Shared | DoNotWait);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(FileDescriptor fd, int operation);
}
