using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Oci.SpecOptions;

/// <summary>One folder of a stack of layers: the folders of that name in each layer that has one, top layer first.</summary>
internal sealed class MergedFolder : IDisposable
{
    // The first is what root's overlay mounts use, the second those of other users.
    private static readonly string[] OpaqueAttributes = ["trusted.overlay.opaque", "user.overlay.opaque"];

    private readonly List<SafeFileHandle> _folders;

    private MergedFolder(List<SafeFileHandle> folders) => _folders = folders;

    /// <summary>What a name in a folder is: at most one of the three; none when there is no such name, or it is a device or a socket.</summary>
    internal readonly record struct Entry(SafeFileHandle? File, string? Link, MergedFolder? Folder);

    /// <summary>Opens the roots of the layers.</summary>
    /// <exception cref="ContainerdException">A layer's folder cannot be opened.</exception>
    public static MergedFolder OpenRoots(IReadOnlyList<string> layers)
    {
        var folders = new List<SafeFileHandle>(layers.Count);
        foreach (string layer in layers)
        {
            SafeFileHandle? folder = FolderCalls.OpenRootFolder(layer, out int error);
            if (folder is null)
            {
                new MergedFolder(folders).Dispose();
                throw new ContainerdException(
                    error is Errno.ENOENT or Errno.ENOTDIR ? ContainerdErrorCode.NotFound : ContainerdErrorCode.PermissionDenied,
                    $"The folder '{layer}' of the container's root file system cannot be opened ({Errno.Describe(error)}). "
                    + "Reading it needs to happen on the daemon's own machine, with the right to read the daemon's folders; give users and groups as numbers (uid:gid) otherwise.");
            }

            folders.Add(folder);
        }

        return new MergedFolder(folders);
    }

    /// <summary>Finds a name as overlayfs would: the top layer that has it wins, folders are merged.</summary>
    public Entry Find(string name)
    {
        var merged = new List<SafeFileHandle>();
        foreach (SafeFileHandle folder in _folders)
        {
            int error = StatxCall.Read(folder, name, out FileStatus status);
            if (error is Errno.ENOENT)
            {
                continue;
            }

            if (error != 0)
            {
                new MergedFolder(merged).Dispose();
                throw CannotRead(name, error);
            }

            if (!status.IsDirectory)
            {
                // Below a folder of an upper layer, anything else is hidden; and a whiteout hides all further layers.
                return merged.Count > 0 ? new Entry(null, null, new MergedFolder(merged))
                    : status.IsSymbolicLink ? new Entry(null, FolderCalls.ReadLink(folder, name), null)
                    : status.IsRegular ? new Entry(OpenRegular(folder, name), null, null)
                    : default;
            }

            SafeFileHandle? next = FolderCalls.OpenFolder(folder, name, out error);
            if (next is null)
            {
                new MergedFolder(merged).Dispose();
                throw CannotRead(name, error);
            }

            merged.Add(next);
            if (Array.Exists(OpaqueAttributes, attribute => FolderCalls.HasAttribute(next, attribute, 'y')))
            {
                break;
            }
        }

        return merged.Count > 0 ? new Entry(null, null, new MergedFolder(merged)) : default;
    }

    public void Dispose()
    {
        foreach (SafeFileHandle folder in _folders)
        {
            folder.Dispose();
        }
    }

    private static SafeFileHandle? OpenRegular(SafeFileHandle folder, string name)
    {
        SafeFileHandle file = FolderCalls.OpenFile(folder, name, out int error) ?? throw CannotRead(name, error);
        // Between the look and the opening the container may have put something else in its place.
        if (StatxCall.Read(file, out FileStatus status) == 0 && status.IsRegular)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private static ContainerdException CannotRead(string name, int error) => new(
        ContainerdErrorCode.PermissionDenied,
        $"'{name}' in the container's root file system cannot be read ({Errno.Describe(error)}).");
}
