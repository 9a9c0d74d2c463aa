using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Native;

/// <summary>Makes, moves and removes names inside an open folder. Linux only. Each returns 0 or the error number.</summary>
internal static partial class EntryCalls
{
    private const int CurrentDirectory = -100;
    private const int FollowLink = 0x400;
    private const int RemoveDirectory = 0x200;

    /// <summary>Makes a folder for its owner alone, only if the name is free.</summary>
    public static int MakeFolder(SafeFileHandle folder, string name) => Finish(mkdirat(folder, name, 0x1C0));

    /// <summary>Makes a fifo for its owner alone, only if the name is free.</summary>
    public static int MakeFifo(SafeFileHandle folder, string name) => Finish(mkfifoat(folder, name, 0x180));

    /// <summary>Makes a symbolic link, only if the name is free.</summary>
    public static int MakeLink(string target, SafeFileHandle folder, string name) => Finish(symlinkat(target, folder, name));

    /// <summary>Gives what has been named a further name, only if that is free.</summary>
    public static int AddName(SafeFileHandle named, SafeFileHandle folder, string name) =>
        Finish(linkat(CurrentDirectory, FolderCalls.ProcessPath(named), folder, name, FollowLink));

    /// <summary>Gives an entry of the folder another name in it, in place of what has that name.</summary>
    public static int Rename(SafeFileHandle folder, string name, string newName) => Finish(renameat(folder, name, folder, newName));

    /// <summary>Removes a name that is not a folder's.</summary>
    public static int Unlink(SafeFileHandle folder, string name) => Finish(unlinkat(folder, name, 0));

    /// <summary>Removes an empty folder.</summary>
    public static int RemoveFolder(SafeFileHandle folder, string name) => Finish(unlinkat(folder, name, RemoveDirectory));

    private static int Finish(int result) => result == 0 ? 0 : Errno.Last;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int mkdirat(SafeFileHandle folder, string name, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int mkfifoat(SafeFileHandle folder, string name, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int symlinkat(string target, SafeFileHandle folder, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int linkat(nint oldFolder, string oldPath, SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int renameat(SafeFileHandle folder, string name, SafeFileHandle newFolder, string newName);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Custom, StringMarshallingCustomType = typeof(FileNames.Marshaller))]
    private static partial int unlinkat(SafeFileHandle folder, string name, int flags);
}
