using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// Resolves a path inside a root where the kernel cannot: a step at a time from open folders, no link followed by the
/// kernel, <c>..</c> back along the folders that were come through. Nothing that is moved meanwhile leads outside.
/// </summary>
internal static class StepResolver
{
    /// <inheritdoc cref="ResolvedOpenCall.Open(SafeFileHandle, string, bool, out int)"/>
    public static SafeFileHandle? Open(SafeFileHandle root, string path, bool followLast, out int error) =>
        Open(root, path, followLast, PathWalk<SafeFileHandle>.MostLinks, out error);

    /// <inheritdoc cref="ResolvedOpenCall.OpenWithoutLinks"/>
    public static SafeFileHandle? OpenWithoutLinks(SafeFileHandle root, string path, out int error) => Open(root, path, followLast: false, 0, out error);

    private static SafeFileHandle? Open(SafeFileHandle root, string path, bool followLast, int mostLinks, out int error)
    {
        using var walk = new PathWalk<SafeFileHandle>(root, path, mostLinks);
        while (walk.TryNext(out string name))
        {
            SafeFileHandle? next = FolderCalls.OpenName(walk.Here, name, out error);
            if (next is null)
            {
                return null;
            }

            error = StatxCall.Read(next, out FileStatus status);
            if (error == 0 && status.IsSymbolicLink && (followLast || walk.HasMore))
            {
                string target = FolderCalls.ReadLink(next, string.Empty) ?? string.Empty;
                next.Dispose();
                if (!walk.TryFollow(target))
                {
                    error = Errno.ELOOP;
                    return null;
                }
            }
            else if (error == 0 && status.IsDirectory)
            {
                walk.Enter(next);
            }
            else
            {
                error = error == 0 && walk.HasMore ? Errno.ENOTDIR : error;
                if (error == 0)
                {
                    return next;
                }

                next.Dispose();
                return null;
            }
        }

        // The root is not ours to give.
        if (walk.IsAtRoot)
        {
            return FolderCalls.OpenName(root, string.Empty, out error);
        }

        error = 0;
        return walk.Take();
    }
}
