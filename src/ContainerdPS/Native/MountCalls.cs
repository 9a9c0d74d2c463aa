using System.Runtime.InteropServices;

namespace ContainerdPS.Native;

/// <summary>mount(2) and umount2(2).</summary>
internal static partial class MountCalls
{
    private const int Detach = 2;
    private const int NoFollow = 8;

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

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string path, int flags);
}
