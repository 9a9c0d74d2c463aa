using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>mount(2), umount2(2), and the calls that give one thread a current folder of its own.</summary>
internal static partial class MountCalls
{
    private const int Detach = 2;
    private const int NoFollow = 8;
    private const int CloneFilesystem = 0x200;

    /// <summary>Mounts one filesystem.</summary>
    /// <param name="folder">The folder that relative paths in the data begin at; null for none.</param>
    /// <param name="source">What: a folder, a device, or any name where the type needs none.</param>
    /// <param name="target">Where.</param>
    /// <param name="type">The type of the filesystem; null for a bind or a remount.</param>
    /// <param name="flags">Flags of the mount.</param>
    /// <param name="data">What the filesystem is told; null for nothing.</param>
    /// <returns>0, or the error number.</returns>
    public static int Mount(string? folder, string? source, string target, string? type, ulong flags, string? data)
    {
        if (folder is null)
        {
            return mount(source, target, type, (nuint)flags, data) == 0 ? 0 : Errno.Last;
        }

        // The current folder is the process's unless a thread parts with it, and a thread that has never comes back.
        int error = 0;
        var thread = new Thread(() => error = unshare(CloneFilesystem) == 0 && chdir(folder) == 0 && mount(source, target, type, (nuint)flags, data) == 0 ? 0 : Errno.Last);
        thread.Start();
        thread.Join();
        return error;
    }

    /// <summary>Mounts something, or changes a mount. Returns 0 or the error number.</summary>
    public static int Mount(string? source, string target, string? type, MountFlags flags, string? data) =>
        mount(source, target, type, (nuint)flags, data) == 0 ? 0 : Errno.Last;

    /// <summary>Unmounts one mount point, detaching it from the tree when it is busy.</summary>
    /// <returns>Null, or why it is still mounted.</returns>
    public static string? Unmount(string path)
    {
        if (umount2(path, NoFollow) == 0 || umount2(path, Detach | NoFollow) == 0)
        {
            return null;
        }

        return Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
    }

    /// <summary>Unmounts one mount point.</summary>
    /// <param name="path">Where.</param>
    /// <param name="detach">Whether a busy one leaves the tree at once, and ends when nothing uses it any more.</param>
    /// <returns>0, or the error number; <see cref="Errno.EBUSY"/> where something uses it.</returns>
    public static int Unmount(string path, bool detach) => umount2(path, detach ? Detach | NoFollow : NoFollow) == 0 ? 0 : Errno.Last;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chdir(string path);
}
