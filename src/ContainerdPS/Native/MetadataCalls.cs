using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// Owner, permissions and times of what has been opened or named, never of what has its name now. Linux only. Each
/// returns 0 or the error number.
/// </summary>
internal static partial class MetadataCalls
{
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const int LeaveTime = 0x3FFFFFFE;

    /// <summary>Sets the owner, also of a symbolic link or a fifo that was named.</summary>
    public static int SetOwner(SafeFileHandle file, uint user, uint group) => Finish(fchownat(file, string.Empty, user, group, EmptyPath));

    /// <summary>Sets the permissions of an open file or folder.</summary>
    public static int SetMode(SafeFileHandle file, uint mode) => Finish(fchmod(file, mode));

    /// <summary>Sets the permissions of what was named and is no symbolic link.</summary>
    public static int SetModeOfNamed(SafeFileHandle named, uint mode) => Finish(chmod(FolderCalls.ProcessPath(named), mode));

    /// <summary>Sets when the content was changed, also of a symbolic link or a fifo that was named.</summary>
    public static int SetModified(SafeFileHandle file, long seconds, uint nanoseconds)
    {
        ReadOnlySpan<Time> times = [new Time(0, LeaveTime), new Time((nint)seconds, (nint)nanoseconds)];
        return Finish(utimensat(CurrentDirectory, FolderCalls.ProcessPath(file), times, 0));
    }

    private static int Finish(int result) => result == 0 ? 0 : Errno.Last;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fchownat(SafeFileHandle folder, string path, uint user, uint group, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int utimensat(nint folder, string path, ReadOnlySpan<Time> times, int flags);

    /// <summary>struct timespec.</summary>
    private readonly record struct Time(nint Seconds, nint Nanoseconds);
}
