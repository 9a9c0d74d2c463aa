using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// Resolves a path inside a root where the kernel cannot: a step at a time from open folders, no link followed by the
/// kernel, <c>..</c> back along the folders that were come through. Nothing that is moved meanwhile leads outside.
/// </summary>
internal static class StepResolver
{
    // What the kernel follows before it gives up.
    private const int MostLinks = 40;

    /// <inheritdoc cref="ResolvedOpenCall.Open(SafeFileHandle, string, bool, out int)"/>
    public static SafeFileHandle? Open(SafeFileHandle root, string path, bool followLast, out int error) =>
        Open(root, path, followLast, MostLinks, out error);

    /// <inheritdoc cref="ResolvedOpenCall.OpenWithoutLinks"/>
    public static SafeFileHandle? OpenWithoutLinks(SafeFileHandle root, string path, out int error) => Open(root, path, followLast: false, 0, out error);

    private static SafeFileHandle? Open(SafeFileHandle root, string path, bool followLast, int mostLinks, out int error)
    {
        var trail = new List<SafeFileHandle> { root };
        try
        {
            var steps = new Stack<string>();
            Push(steps, path);
            int links = 0;
            while (steps.TryPop(out string? name))
            {
                if (name == "..")
                {
                    Leave(trail, Math.Max(1, trail.Count - 1));
                    continue;
                }

                SafeFileHandle? next = FolderCalls.OpenName(trail[^1], name, out error);
                if (next is null)
                {
                    return null;
                }

                error = StatxCall.Read(next, out FileStatus status);
                if (error == 0 && status.IsSymbolicLink && (followLast || steps.Count > 0))
                {
                    string target = FolderCalls.ReadLink(next, string.Empty) ?? string.Empty;
                    next.Dispose();
                    if (++links > mostLinks)
                    {
                        error = Errno.ELOOP;
                        return null;
                    }

                    if (target.StartsWith('/'))
                    {
                        Leave(trail, 1);
                    }

                    Push(steps, target);
                }
                else if (error == 0 && status.IsDirectory)
                {
                    trail.Add(next);
                }
                else
                {
                    error = error == 0 && steps.Count > 0 ? Errno.ENOTDIR : error;
                    if (error == 0)
                    {
                        return next;
                    }

                    next.Dispose();
                    return null;
                }
            }

            // The last folder is given away, and the root is not ours to give.
            if (trail.Count == 1)
            {
                return FolderCalls.OpenName(root, string.Empty, out error);
            }

            error = 0;
            SafeFileHandle last = trail[^1];
            trail.RemoveAt(trail.Count - 1);
            return last;
        }
        finally
        {
            Leave(trail, 1);
        }
    }

    private static void Leave(List<SafeFileHandle> trail, int keep)
    {
        for (int i = trail.Count - 1; i >= keep; i--)
        {
            trail[i].Dispose();
            trail.RemoveAt(i);
        }
    }

    private static void Push(Stack<string> steps, string path)
    {
        string[] parts = path.Split('/');
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] is not ("" or "."))
            {
                steps.Push(parts[i]);
            }
        }
    }
}
