using ContainerdPS.Native;

namespace ContainerdPS.Mounts;

/// <summary>The folders mounts are made at.</summary>
internal static class MountFolder
{
    /// <summary>Refuses a path at which no mount can be made, or, unless forced, at which one would hide something. Null, a folder that is still to be made, is always good.</summary>
    public static void Check(string? path, bool force)
    {
        if (path is null)
        {
            return;
        }

        if (!Directory.Exists(path))
        {
            if (File.Exists(path))
            {
                throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{path}' is a file, and mounts are made at folders.") { Reason = "FolderExpected" };
            }

            return;
        }

        if (force)
        {
            return;
        }

        if (MountTable.At(PathCalls.Resolve(path) ?? path) is { } entry)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"At '{path}' {MountRecords.Describe(entry)} is mounted already, and another mount would hide it. Dismount that first, choose another folder, or mount over it with -Force.") { Reason = "MountPointInUse" };
        }

        if (Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The folder '{path}' is not empty, and a mount would hide what it holds. Choose another, or mount over it with -Force.") { Reason = "MountPointNotEmpty" };
        }
    }

    /// <summary>The mount point as the kernel will call it, without links in it, and the folders made for it, the innermost first.</summary>
    public static (string Path, IReadOnlyList<string> Made) Make(string? path)
    {
        if (path is null)
        {
            string temporary = Directory.CreateTempSubdirectory("containerdps-mount-").FullName;
            return (temporary, [temporary]);
        }

        var missing = new Stack<string>();
        for (string? folder = Path.TrimEndingDirectorySeparator(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        var made = new List<string>();
        try
        {
            foreach (string folder in missing)
            {
                Directory.CreateDirectory(folder);
                made.Insert(0, PathCalls.Resolve(folder) ?? folder);
            }
        }
        catch
        {
            Remove(made);
            throw;
        }

        return (PathCalls.Resolve(path) ?? path, made);
    }

    /// <summary>Removes folders that were made for a mount, the innermost first, as far as nothing has been put into them.</summary>
    public static void Remove(IEnumerable<string> folders)
    {
        try
        {
            foreach (string folder in folders)
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not empty, or gone: it is somebody's.
        }
    }
}
