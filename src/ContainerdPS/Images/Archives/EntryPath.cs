namespace ContainerdPS.Images.Archives;

/// <summary>Paths inside an archive, which are never paths of this machine.</summary>
internal static class EntryPath
{
    /// <summary>Takes out empty parts, <c>.</c> and <c>..</c>.</summary>
    /// <returns>The path from the archive's root without a slash at either end (empty for the root itself); null when it leaves the root.</returns>
    public static string? Clean(string path) => path.StartsWith('/') ? null : Join(string.Empty, path);

    /// <summary>Resolves a symbolic link's target from the folder the link is in.</summary>
    /// <returns>As <see cref="Clean"/> does; null when the target is outside the archive.</returns>
    public static string? FromLink(string link, string target)
    {
        int slash = link.LastIndexOf('/');
        return target.StartsWith('/') ? null : Join(slash < 0 ? string.Empty : link[..slash], target);
    }

    private static string? Join(string folder, string path)
    {
        List<string> parts = folder.Length == 0 ? [] : [.. folder.Split('/')];
        foreach (string part in path.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part.Length > 0 && part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
