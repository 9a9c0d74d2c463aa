using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// openat2(2), by its system call number (the same on every architecture), which resolves a path with a folder as its
/// root: absolute links and <c>..</c> stay inside, however the folders on the way are moved meanwhile. Linux 5.6.
/// </summary>
internal static partial class ResolvedOpenCall
{
    private const nint Number = 437;
    private const ulong NoMagicLinks = 0x2;
    private const ulong NoSymbolicLinks = 0x4;
    private const ulong InRoot = 0x10;

    private static readonly Lazy<bool> Supported = new(static () =>
    {
        using SafeFileHandle? root = FolderCalls.OpenPath("/", followLast: true, out _);
        using SafeFileHandle? opened = root is null ? null : Open(root, "/", followLast: true, out _);
        return opened is not null;
    });

    /// <summary>Whether the kernel has it, and whoever confines this process lets it be used.</summary>
    public static bool IsSupported => Supported.Value;

    /// <summary>
    /// Names a path below a root without opening it. The error is <see cref="Errno.EAGAIN"/> where something was moved
    /// on the way, so that the kernel cannot vouch for a <c>..</c>.
    /// </summary>
    public static SafeFileHandle? Open(SafeFileHandle root, string path, bool followLast, out int error) =>
        Open(root, path, followLast ? 0 : OpenFlags.NoFollow, InRoot | NoMagicLinks, out error);

    /// <summary>Names a path below a folder on whose way there is no symbolic link.</summary>
    public static SafeFileHandle? OpenWithoutLinks(SafeFileHandle root, string path, out int error) =>
        Open(root, path, OpenFlags.NoFollow, InRoot | NoMagicLinks | NoSymbolicLinks, out error);

    private static SafeFileHandle? Open(SafeFileHandle root, string path, int flags, ulong resolve, out int error)
    {
        var how = new How { Flags = (uint)(OpenFlags.PathOnly | OpenFlags.CloseOnExec | flags), Resolve = resolve };
        nint descriptor = OpenAt2(Number, root, path, in how, (nuint)Unsafe.SizeOf<How>());
        error = descriptor < 0 ? Errno.Last : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial nint OpenAt2(nint number, SafeFileHandle folder, string path, in How how, nuint size);

    /// <summary>struct open_how.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct How
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
