using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>
/// Entries of a directory, one system call each. The framework's own calls accept a directory that is there
/// already and do not tell error numbers apart. Linux only. Each returns 0 or the error number.
/// </summary>
internal static partial class Directories
{
    /// <summary>Makes a directory for its owner alone, and only if the name is free.</summary>
    public static int Make(string path) => MkDir(path, 0x1C0) == 0 ? 0 : Errno.Last;

    /// <summary>Removes a directory if it is one and empty; a symbolic link is not followed.</summary>
    public static int Remove(string path) => RmDir(path) == 0 ? 0 : Errno.Last;

    /// <summary>Removes a name that is not a directory; a symbolic link is not followed.</summary>
    public static int Unlink(string path) => UnlinkPath(path) == 0 ? 0 : Errno.Last;

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmDir(string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkPath(string path);
}
