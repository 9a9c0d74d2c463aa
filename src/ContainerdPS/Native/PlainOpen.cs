using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// Opens files for reading and nothing more: the runtime's own way takes an advisory lock, which others who rotate or cut
/// the file may wait for. Linux only.
/// </summary>
internal static partial class PlainOpen
{
    private const int ReadOnly = 0;
    private const int NoTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a file.</summary>
    /// <returns>The open file; null with the error number when it cannot be.</returns>
    public static SafeFileHandle? Read(string path, out int error)
    {
        int descriptor;
        do
        {
            descriptor = Open(path, ReadOnly | NoTerminal | NonBlocking | CloseOnExec);
            error = descriptor < 0 ? Errno.Last : 0;
        }
        while (error == Errno.EINTR);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
