using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>realpath(3) and removal of empty directories without looking inside them first.</summary>
internal static unsafe partial class PathCalls
{
    /// <summary>The path with every symbolic link resolved, as the kernel's mount table shows it; null when it does not exist.</summary>
    public static string? Resolve(string path)
    {
        var buffer = stackalloc byte[4097];
        return realpath(path, buffer) == null ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }

    /// <summary>
    /// Removes a directory if the kernel lets it go. For cgroups, whose files cannot be deleted and do not count:
    /// Directory.Delete would refuse them as not empty.
    /// </summary>
    public static bool RemoveDirectory(string path) => rmdir(path) == 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* realpath(string path, byte* resolved);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);
}
