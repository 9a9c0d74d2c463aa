using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>Finds the paths a pattern stands for below a root, a part of the path at a time.</summary>
internal static class PathPattern
{
    /// <summary>One part of a pattern: a name, or what decides about names.</summary>
    /// <param name="Name">The name; null for a pattern.</param>
    /// <param name="IsMatch">Whether a name fits; null for a name.</param>
    /// <param name="Hidden">Whether it also fits names that begin with a dot.</param>
    internal sealed record Part(string? Name, Func<string, bool>? IsMatch, bool Hidden);

    /// <summary>The paths that are there, in the order of their names; empty where nothing fits.</summary>
    public static IReadOnlyList<string> Expand(FileRoot root, IReadOnlyList<Part> parts, CancellationToken cancellationToken)
    {
        List<string> found = ["/"];
        foreach (Part part in parts)
        {
            var next = new List<string>();
            foreach (string folder in found)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (part.Name is { } name)
                {
                    next.Add(ItemPath.Join(folder, name));
                }
                else
                {
                    next.AddRange(Names(root, folder).Where(candidate => (part.Hidden || candidate[0] != '.') && part.IsMatch!(candidate)).Select(candidate => ItemPath.Join(folder, candidate)));
                }
            }

            found = next;
        }

        return found.Where(path => IsThere(root, path)).Order(StringComparer.Ordinal).ToArray();
    }

    /// <summary>The names in a folder; empty where it is none, or cannot be read.</summary>
    public static IReadOnlyList<string> Names(FileRoot root, string folder)
    {
        using FileItem? item = root.Find(folder, followLast: true, out _);
        using SafeFileHandle? opened = item is { Status.IsDirectory: true } ? item.OpenFolder(out _) : null;
        var names = new List<string>();
        if (opened is not null)
        {
            var entries = new FolderEntries(opened);
            while (entries.Next(out _) is { } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Whether a path names a folder, be it through a link.</summary>
    public static bool IsFolder(FileRoot root, string path)
    {
        using FileItem? item = root.Find(path, followLast: true, out _);
        return item is { Status.IsDirectory: true };
    }

    private static bool IsThere(FileRoot root, string path)
    {
        using FileItem? item = root.Find(path, followLast: false, out _);
        return item is not null;
    }
}
