using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// A file, folder or link that has been named and looked at, but not opened. It stays that same file when something else
/// takes its name; only what is known to be a regular file or a folder is ever opened.
/// </summary>
internal sealed class FileItem : IDisposable
{
    private FileItem(SafeFileHandle handle, FileStatus status)
    {
        Handle = handle;
        Status = status;
    }

    public SafeFileHandle Handle { get; }

    public FileStatus Status { get; }

    /// <summary>Looks at what was named, and takes it over; null for null.</summary>
    public static FileItem? From(SafeFileHandle? named, ref int error)
    {
        if (named is null)
        {
            return null;
        }

        error = StatxCall.Read(named, out FileStatus status);
        if (error == 0)
        {
            return new FileItem(named, status);
        }

        named.Dispose();
        return null;
    }

    /// <summary>Finds a name in a folder: a symbolic link itself.</summary>
    public static FileItem? In(SafeFileHandle folder, string name, out int error) => From(FolderCalls.OpenName(folder, name, out error), ref error);

    /// <summary>Opens a regular file's content for reading.</summary>
    public SafeFileHandle? OpenContent(out int error) => FolderCalls.OpenNamed(Handle, out error);

    /// <summary>Opens a folder, to read its names and to make some in it.</summary>
    public SafeFileHandle? OpenFolder(out int error) => FolderCalls.OpenFolder(Handle, ".", out error);

    /// <summary>The text of a symbolic link; null when it cannot be read.</summary>
    public string? ReadLink() => FolderCalls.ReadLink(Handle, string.Empty);

    public void Dispose() => Handle.Dispose();
}
