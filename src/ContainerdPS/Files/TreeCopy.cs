using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// Copies a folder with all that is in it, from open folder to open folder, one name at a time and no path. What cannot
/// be copied is noted and the rest goes on. The folders open at once are bounded, and so is the memory, whatever a
/// container has nested in what.
/// </summary>
internal sealed class TreeCopy(FileRoot source, FileRoot destination, CopyOptions options, CopyTally tally, CancellationToken cancellationToken)
{
    // Paths that can be named at all have at most half of 4096 parts.
    private const int MostLevels = 2048;

    private readonly EntryCopy entries = new(source, destination, options, tally, cancellationToken);
    private readonly Stack<TreeLevel> levels = new();
    private FileIdentity top;
    private HardLinks? links;

    /// <summary>Copies a folder to a place, or what it holds into a folder that is there.</summary>
    /// <param name="item">The folder.</param>
    /// <param name="path">Where it was found, for messages.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="made">Is told the folder that was made for it.</param>
    public void Run(FileItem item, string path, CopyTarget target, Action<FileIdentity> made)
    {
        try
        {
            TreeLevel first = Open(item, path, target.Folder, target.Name, target.Path, string.Empty);
            levels.Push(first);
            if (first.IsMade)
            {
                made(top);
            }

            while (levels.TryPeek(out TreeLevel? level))
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    Step(level);
                }
                catch (ContainerdException e) when (!CopyErrors.EndsCopy(e))
                {
                    tally.Failures.Add(e);
                }
            }
        }
        finally
        {
            foreach (TreeLevel level in levels)
            {
                level.Dispose();
            }
        }
    }

    private void Step(TreeLevel level)
    {
        int error = 0;
        if (level.Names?.Next(out error) is { } name)
        {
            CopyEntry(level, name);
            return;
        }

        levels.Pop();
        using (level)
        {
            if (level.IsMade)
            {
                entries.Metadata.Apply(level.From, level.Status, level.To, level.Path);
            }

            if (error != 0)
            {
                throw CopyErrors.From(error, source, level.SourcePath);
            }
        }
    }

    private void CopyEntry(TreeLevel level, string name)
    {
        string sourcePath = ItemPath.Join(level.SourcePath, name);
        string path = ItemPath.Join(level.Path, name);
        string below = level.Below.Length == 0 ? name : $"{level.Below}/{name}";
        using FileItem? item = FindEntry(level, name, sourcePath);
        if (item is null)
        {
            // Removed since its name was read.
            return;
        }

        if (item.Status.IsDirectory)
        {
            levels.Push(Open(item, sourcePath, level.To, name, path, below));
        }
        else if (item.Status is { IsRegular: false, IsSymbolicLink: false, IsFifo: false })
        {
            tally.Skip(source.Describe(sourcePath));
        }
        else
        {
            entries.Run(item, sourcePath, level.To, name, path, links, below);
        }
    }

    private FileItem? FindEntry(TreeLevel level, string name, string sourcePath)
    {
        FileItem? item = FileItem.In(level.From, name, out int error);
        if (item is { Status.IsSymbolicLink: true } && options.FollowLinks)
        {
            item.Dispose();
            return source.Find(sourcePath, followLast: true, out error) ?? throw CopyErrors.LinkTarget(error, source, sourcePath);
        }

        return item is null && error != Errno.ENOENT ? throw CopyErrors.From(error, source, sourcePath) : item;
    }

    private TreeLevel Open(FileItem item, string sourcePath, SafeFileHandle folder, string name, string path, string below)
    {
        bool isTop = levels.Count == 0;
        if (levels.Count == MostLevels)
        {
            throw CopyErrors.Make(ContainerdErrorCode.ResourceExhausted, "NestedTooDeeply", $"{source.Describe(sourcePath)} is nested in more than {MostLevels} folders.");
        }

        if (!isTop && item.Status.Identity == top)
        {
            throw IntoItself(sourcePath);
        }

        if (options.FollowLinks && levels.Any(level => level.Status.Identity == item.Status.Identity))
        {
            throw CopyErrors.Make(ContainerdErrorCode.InvalidArgument, "LinkCycle", $"{source.Describe(sourcePath)} leads back to a folder it is in.");
        }

        SafeFileHandle from = item.OpenFolder(out int error) ?? throw CopyErrors.From(error, source, sourcePath);
        SafeFileHandle? to = null;
        try
        {
            bool isKernels = (isTop || !item.Status.Identity.IsOnSameFileSystem(levels.Peek().Status.Identity)) && FileSystemTypes.IsKernels(from);
            if (isTop && isKernels)
            {
                throw CopyErrors.Make(
                    ContainerdErrorCode.InvalidArgument, "KernelFileSystem", $"{source.Describe(sourcePath)} shows the state of the kernel and holds no files. Copy single files of it, by their names.");
            }

            bool isMade = false;
            to = OpenDestination(folder, name, path, ref isMade);
            if (isTop)
            {
                error = StatxCall.Read(to, out FileStatus status);
                top = error == 0 ? status.Identity : throw CopyErrors.From(error, destination, path);
                links = new HardLinks(destination, to);
                if (top == item.Status.Identity)
                {
                    throw IntoItself(sourcePath);
                }
            }

            tally.AddFolder();
            return new TreeLevel(from, item.Status, to) { Names = isKernels ? null : new FolderEntries(from), SourcePath = sourcePath, Path = path, Below = below, IsMade = isMade };
        }
        catch
        {
            from.Dispose();
            to?.Dispose();
            throw;
        }
    }

    private SafeFileHandle OpenDestination(SafeFileHandle folder, string name, string path, ref bool isMade)
    {
        int error;
        if (name.Length > 0)
        {
            error = EntryCalls.MakeFolder(folder, name);
            isMade = error == 0;
            if (error is not (0 or Errno.EEXIST))
            {
                throw CopyErrors.From(error, destination, path);
            }
        }

        SafeFileHandle? opened = FolderCalls.OpenFolder(folder, name.Length == 0 ? "." : name, out error);
        if (opened is not null)
        {
            return opened;
        }

        if (error is not (Errno.ENOTDIR or Errno.ELOOP))
        {
            throw CopyErrors.From(error, destination, path);
        }

        // In a container /bin may be a link to /usr/bin, and what is copied to it goes there. On this machine a link is not
        // followed: it may be one that was copied out of a container before.
        using FileItem? found = destination.Container is null ? null : destination.Find(path, followLast: true, out _);
        return found is { Status.IsDirectory: true } && found.OpenFolder(out error) is { } through
            ? through
            : throw CopyErrors.Make(
                ContainerdErrorCode.FailedPrecondition,
                "DestinationNotFolder",
                $"{destination.Describe(path)} is there already and is no folder{(error == Errno.ELOOP || destination.Container is null ? " (a symbolic link to one is not followed)" : string.Empty)}, and a folder is to be copied to it. Remove it first.");
    }

    private ContainerdException IntoItself(string path) => CopyErrors.Make(
        ContainerdErrorCode.InvalidArgument, "CopyIntoItself", $"{source.Describe(path)} is the folder that is being copied into, so it is not copied into itself.");
}
