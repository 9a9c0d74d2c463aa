using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>unshare(2), setns(2) and chdir(2) for one thread: a view of the mounts of its own. Linux only. Each returns 0 or the error number.</summary>
internal static partial class NamespaceCalls
{
    private const int FileSystemState = 0x200;
    private const int Mounts = 0x20000;

    /// <summary>Gives the thread a current folder and a root of its own, which joining another mount namespace asks for.</summary>
    public static int UnshareFileSystemState() => unshare(FileSystemState) == 0 ? 0 : Errno.Last;

    /// <summary>Gives the thread a copy of the mounts it sees.</summary>
    public static int UnshareMounts() => unshare(Mounts) == 0 ? 0 : Errno.Last;

    /// <summary>Has the thread see the mounts of another namespace.</summary>
    public static int JoinMounts(SafeFileHandle other) => setns(other, Mounts) == 0 ? 0 : Errno.Last;

    /// <summary>Changes the thread's current folder, once it has one of its own.</summary>
    public static int ChangeFolder(string path) => chdir(path) == 0 ? 0 : Errno.Last;

    /// <inheritdoc cref="ChangeFolder(string)"/>
    public static int ChangeFolder(SafeFileHandle folder) => fchdir(folder) == 0 ? 0 : Errno.Last;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle other, int type);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchdir(SafeFileHandle folder);
}
