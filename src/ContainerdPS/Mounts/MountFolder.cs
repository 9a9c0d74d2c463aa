using System.Collections.Concurrent;
using ContainerdPS.Native;

namespace ContainerdPS.Mounts;

/// <summary>The folders mounts are made at.</summary>
internal static class MountFolder
{
    /// <summary>The folders made for mounts that are on their way in this process, and for how many each: they are in no record yet.</summary>
    private static readonly ConcurrentDictionary<string, int> s_onTheirWay = new(StringComparer.Ordinal);

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
        string? folderThere = Path.TrimEndingDirectorySeparator(path);
        for (; folderThere is not null && !Directory.Exists(folderThere); folderThere = Path.GetDirectoryName(folderThere))
        {
            missing.Push(folderThere);
        }

        var made = new List<string>();
        try
        {
            foreach (string folder in missing)
            {
                Directory.CreateDirectory(folder);
                string real = PathCalls.Resolve(folder) ?? folder;
                Begin(real);
                made.Insert(0, real);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(made);
            Recorded(made);
            throw new ContainerdException(
                e is UnauthorizedAccessException ? ContainerdErrorCode.PermissionDenied : ContainerdErrorCode.FailedPrecondition,
                $"The folder '{path}' to mount at cannot be made: {e.Message.TrimEnd('.')}. Make it first, or choose another.",
                e) { Reason = "FolderNotMade" };
        }

        // What another mount was given goes with the last one that needs it.
        if (made.Count > 0)
        {
            var others = MountRecords.All().SelectMany(static record => record.OwnFolders).ToHashSet(StringComparer.Ordinal);
            for (; folderThere is not null && (PathCalls.Resolve(folderThere) ?? folderThere) is var real && (s_onTheirWay.ContainsKey(real) || others.Contains(real)); folderThere = Path.GetDirectoryName(folderThere))
            {
                Begin(real);
                made.Add(real);
            }
        }

        return (PathCalls.Resolve(path) ?? path, made);
    }

    /// <summary>Says that the mount folders were made for has its record, or is given up.</summary>
    public static void Recorded(IEnumerable<string> folders)
    {
        foreach (string folder in folders)
        {
            if (s_onTheirWay.AddOrUpdate(folder, 0, static (_, count) => count - 1) <= 0)
            {
                s_onTheirWay.TryRemove(new KeyValuePair<string, int>(folder, 0));
            }
        }
    }

    private static void Begin(string folder) => s_onTheirWay.AddOrUpdate(folder, 1, static (_, count) => count + 1);

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
