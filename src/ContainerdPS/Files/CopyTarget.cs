using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>Where one item goes: an open folder and the name in it.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="FolderIdentity">Which folder it is, by whatever path it was found.</param>
/// <param name="Name">The name; empty when a folder's contents go into the folder itself.</param>
/// <param name="Path">The whole path, for messages.</param>
/// <param name="IsOwnName">Whether the folder was given and the name is the item's own.</param>
internal sealed record CopyTarget(SafeFileHandle Folder, FileIdentity FolderIdentity, string Name, string Path, bool IsOwnName) : IDisposable
{
    private const int MostLinks = 40;

    /// <summary>The path of the folder, for messages.</summary>
    public string FolderPath => Name.Length == 0 ? Path : Path.LastIndexOf('/') is > 0 and int slash ? Path[..slash] : "/";

    /// <summary>
    /// Finds out where an item goes, as cp does: into a folder that is there under its own name; else under the name given,
    /// in a folder that must be there. A link that is given as the destination is followed.
    /// </summary>
    /// <param name="root">The side it goes to.</param>
    /// <param name="to">The path given.</param>
    /// <param name="name">The item's own name; empty when its contents are meant.</param>
    /// <param name="isFolder">Whether a folder is copied.</param>
    public static CopyTarget Resolve(FileRoot root, ItemPath to, string name, bool isFolder)
    {
        using FileItem? present = root.Find(to.FullName, followLast: true, out int error);
        if (present is { Status.IsDirectory: true })
        {
            return new CopyTarget(Open(present, root, to.FullName), present.Status.Identity, name, name.Length == 0 ? to.FullName : ItemPath.Join(to.FullName, name), IsOwnName: true);
        }

        if (present is null && error != Errno.ENOENT)
        {
            throw CopyErrors.From(error, root, to.FullName);
        }

        if (present is not null && (to.MustBeFolder || to.IsContents || isFolder))
        {
            throw CopyErrors.Make(ContainerdErrorCode.FailedPrecondition, "DestinationNotFolder", $"{root.Describe(to.FullName)} is there and is no folder. Give a folder, or another name.");
        }

        if (present is null && (to.IsContents || (to.MustBeFolder && !isFolder)))
        {
            throw Missing(root, to.FullName);
        }

        return FollowLinks(root, to);
    }

    public void Dispose() => Folder.Dispose();

    /// <summary>The folder that holds the name, and the name: after every link at the end of the path, also of one that leads to nothing yet.</summary>
    private static CopyTarget FollowLinks(FileRoot root, ItemPath to)
    {
        for (int links = 0; links <= MostLinks; links++)
        {
            using FileItem parent = root.Find(to.Parent, followLast: true, out int error)
                ?? throw (error == Errno.ENOENT ? Missing(root, to.Parent) : CopyErrors.From(error, root, to.Parent));
            if (!parent.Status.IsDirectory)
            {
                throw CopyErrors.Make(ContainerdErrorCode.FailedPrecondition, "DestinationNotFolder", $"{root.Describe(to.Parent)} is no folder, so nothing can be copied into it.");
            }

            using FileItem? present = FileItem.In(parent.Handle, to.Name, out error);
            if (present is not { Status.IsSymbolicLink: true })
            {
                return present is null && error != Errno.ENOENT
                    ? throw CopyErrors.From(error, root, to.FullName)
                    : new CopyTarget(Open(parent, root, to.Parent), parent.Status.Identity, to.Name, to.FullName, IsOwnName: false);
            }

            string target = present.ReadLink() ?? string.Empty;
            to = new ItemPath(target.StartsWith('/') ? target : ItemPath.Join(to.Parent, target), to.MustBeFolder, target.Length == 0);
            if (to.Name is "" or "." or "..")
            {
                break;
            }
        }

        throw CopyErrors.From(Errno.ELOOP, root, to.FullName);
    }

    private static SafeFileHandle Open(FileItem folder, FileRoot root, string path) =>
        folder.OpenFolder(out int error) ?? throw CopyErrors.From(error, root, path);

    private static ContainerdException Missing(FileRoot root, string folder) => CopyErrors.Make(
        ContainerdErrorCode.NotFound,
        "DestinationNotFound",
        $"The folder {root.Describe(folder)} to copy into is not there. Make it first{(root.Container is null ? ": New-Item -ItemType Directory" : $", for example with Invoke-ContainerCommand {root.Container} -Command mkdir, -p, {folder}")}.");
}
