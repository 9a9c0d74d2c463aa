using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>
/// What is inside an open folder. The framework's paths follow symbolic links, which inside a container's root file
/// system must not lead out of it; and it knows no extended attributes. Linux only.
/// </summary>
internal static partial class FolderCalls
{
    private const int CurrentDirectory = -100;
    private const int NonBlock = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int LongestLink = 4096;

    // The only flags here that differ between the architectures .NET runs on.
    private static readonly bool ArmOrPower = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le;

    private static int OnlyDirectory => ArmOrPower ? 0x4000 : 0x10000;

    private static int NoFollow => ArmOrPower ? 0x8000 : 0x20000;

    /// <summary>Opens a folder by its path on this machine; null and the error number when that fails.</summary>
    public static SafeFileHandle? OpenRootFolder(string path, out int error) =>
        Finish(OpenAt(CurrentDirectory, path, OnlyDirectory | CloseOnExec), out error);

    /// <summary>Opens a folder inside a folder, unless the name is a symbolic link.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name, OnlyDirectory | NoFollow | CloseOnExec), out error);

    /// <summary>Opens a file inside a folder for reading, unless the name is a symbolic link; a fifo does not block.</summary>
    public static SafeFileHandle? OpenFile(SafeFileHandle folder, string name, out int error) =>
        Finish(OpenAt(folder, name, NoFollow | NonBlock | CloseOnExec), out error);

    /// <summary>The text of a symbolic link inside a folder; null when it cannot be read.</summary>
    public static string? ReadLink(SafeFileHandle folder, string name)
    {
        Span<byte> text = stackalloc byte[LongestLink];
        nint length = ReadLinkAt(folder, name, text, LongestLink);
        return length < 0 ? null : Encoding.UTF8.GetString(text[..(int)length]);
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

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(nint folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(SafeFileHandle folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkAt(SafeFileHandle folder, string path, Span<byte> text, nuint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(SafeFileHandle file, string name, Span<byte> value, nuint size);
}
