using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// What is inside an open folder. The framework's paths follow symbolic links, which inside a container's root file
/// system must not lead out of it; and it knows no extended attributes. Linux only.
/// </summary>
internal static partial class FolderCalls
{
    private const int CurrentDirectory = -100;
    private const int LongestLink = 4096;

    /// <summary>Opens a folder by its path on this machine; null and the error number when that fails.</summary>
    public static SafeFileHandle? OpenRootFolder(string path, out int error) =>
        Finish(OpenAt(CurrentDirectory, path, OpenFlags.OnlyDirectory | OpenFlags.CloseOnExec, 0), out error);

    /// <summary>Opens a folder inside a folder, unless the name is a symbolic link.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name, OpenFlags.OnlyDirectory | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0), out error);

    /// <summary>Opens a file inside a folder for reading, unless the name is a symbolic link; a fifo does not block.</summary>
    public static SafeFileHandle? OpenFile(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name, OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec | OpenFlags.LargeFile, 0), out error);

    /// <summary>
    /// Names what is inside a folder without opening it: a symbolic link itself, a device whose driver is not asked. An
    /// empty name is the folder again.
    /// </summary>
    public static SafeFileHandle? OpenName(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name.Length == 0 ? "." : name, OpenFlags.PathOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0), out error);

    /// <summary>Names a path on this machine without opening it.</summary>
    public static SafeFileHandle? OpenPath(string path, bool followLast, out int error) =>
        Finish(OpenAt(CurrentDirectory, path, OpenFlags.PathOnly | OpenFlags.CloseOnExec | (followLast ? 0 : OpenFlags.NoFollow), 0), out error);

    /// <summary>Opens what a path below a folder names for reading, and follows links: the kernel's own, such as <c>PID/root</c> in /proc.</summary>
    public static SafeFileHandle? OpenLinked(SafeFileHandle folder, string path, out int error) =>
        Finish(OpenAt(folder, path, OpenFlags.CloseOnExec, 0), out error);

    /// <summary>Makes a file for its owner alone, to be written; it fails where the name is taken, be it by a link.</summary>
    public static SafeFileHandle? CreateFile(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow | OpenFlags.CloseOnExec | OpenFlags.LargeFile, 0x180), out error);

    /// <summary>
    /// Opens for reading what has been named: the same file, whatever has taken its name since. What was found to be a
    /// regular file is one still, and no device is ever opened.
    /// </summary>
    public static SafeFileHandle? OpenNamed(SafeFileHandle named, out int error) =>
        Finish(OpenAt(CurrentDirectory, ProcessPath(named), OpenFlags.NonBlocking | OpenFlags.NoTerminal | OpenFlags.CloseOnExec | OpenFlags.LargeFile, 0), out error);

    /// <summary>The path under which this process reaches what it has open.</summary>
    public static string ProcessPath(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";

    /// <summary>The text of a symbolic link inside a folder, or with an empty name of a link that was named itself; null when it cannot be read.</summary>
    public static string? ReadLink(SafeFileHandle folder, string name)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        nint length = ReadLinkAt(folder, name, text, LongestLink);
        return length < 0 ? null : FileNames.Decode(text[..(int)length]);
    }

    /// <summary>Whether an extended attribute of an open file is the one letter asked for.</summary>
    public static bool HasAttribute(SafeFileHandle file, string name, char value)
    {
        Span<byte> text = stackalloc byte[8];
        return GetAttribute(file, name, text, (nuint)text.Length) == 1 && text[0] == value;
    }

    private static SafeFileHandle? Finish(int descriptor, out int error)
    {
        error = descriptor < 0 ? Errno.Last : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int OpenAt(nint folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int OpenAt(SafeFileHandle folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial nint ReadLinkAt(SafeFileHandle folder, string path, Span<byte> text, nuint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(SafeFileHandle file, string name, Span<byte> value, nuint size);
}
