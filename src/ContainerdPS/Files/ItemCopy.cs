using ContainerdPS.Native;

namespace ContainerdPS.Files;

/// <summary>Copies one file or folder from one side to another.</summary>
internal static class ItemCopy
{
    /// <summary>Copies an item and tells where it is then.</summary>
    /// <param name="source">The side it comes from.</param>
    /// <param name="from">Its path there.</param>
    /// <param name="destination">The side it goes to.</param>
    /// <param name="to">The path given there.</param>
    /// <param name="options">How.</param>
    /// <param name="register">Where the same command has copied to.</param>
    /// <param name="tally">What has been done.</param>
    /// <param name="cancellationToken">Ends it between two pieces of a file; the file at hand is taken back.</param>
    public static CopiedItem Run(
        FileRoot source, ItemPath from, FileRoot destination, ItemPath to, CopyOptions options, CopyRegister register, CopyTally tally, CancellationToken cancellationToken)
    {
        using FileItem item = Find(source, from, options);
        using CopyTarget target = CopyTarget.Resolve(destination, to, from.Name, item.Status.IsDirectory);
        string named = source.Describe(from.FullName);
        register.Take(target, destination, named);
        tally.Expect(item.Status.IsDirectory ? null : item.Status.IsRegular ? item.Status.Size : 0);
        if (item.Status.IsDirectory)
        {
            new TreeCopy(source, destination, options, tally, cancellationToken).Run(item, from.FullName, target, folder =>
            {
                // A further item would come into it, where one of many was meant to get its name.
                if (from.Name.Length > 0 && !target.IsOwnName)
                {
                    register.Made(folder, named);
                }
            });
        }
        else
        {
            new EntryCopy(source, destination, options, tally, cancellationToken).Run(item, from.FullName, target.Folder, target.Name, target.Path, links: null, string.Empty);
        }

        using FileItem copy = FileItem.In(target.Folder, target.Name, out int error) ?? throw CopyErrors.From(error, destination, target.Path);
        return new CopiedItem(target.Path, copy.Status, copy.Status.IsSymbolicLink ? copy.ReadLink() : null);
    }

    private static FileItem Find(FileRoot source, ItemPath from, CopyOptions options)
    {
        bool follow = options.FollowLinks || from.MustBeFolder || from.IsContents;
        FileItem item = source.Find(from.FullName, follow, out int error) ?? throw (error == Errno.ENOENT ? Missing(source, from, follow) : CopyErrors.From(error, source, from.FullName));
        try
        {
            if ((from.MustBeFolder || from.IsContents) && !item.Status.IsDirectory)
            {
                throw CopyErrors.Make(ContainerdErrorCode.FailedPrecondition, "NotAFolder", $"{source.Describe(from.FullName)} is no folder, as the path says it is. Leave what follows its name away.");
            }

            return item.Status is { IsDirectory: false, IsRegular: false, IsSymbolicLink: false, IsFifo: false }
                ? throw CopyErrors.Unsupported(item.Status, source, from.FullName)
                : item;
        }
        catch
        {
            item.Dispose();
            throw;
        }
    }

    /// <summary>A link that leads nowhere is there, unlike its target.</summary>
    private static ContainerdException Missing(FileRoot source, ItemPath from, bool followed)
    {
        using FileItem? link = followed ? source.Find(from.FullName, followLast: false, out _) : null;
        return link is null ? CopyErrors.From(Errno.ENOENT, source, from.FullName) : CopyErrors.LinkTarget(Errno.ENOENT, source, from.FullName);
    }
}

/// <summary>What a copy has made.</summary>
/// <param name="Path">Its whole path at the destination.</param>
/// <param name="Status">What it is.</param>
/// <param name="LinkTarget">Where it leads; null where it is no symbolic link.</param>
internal sealed record CopiedItem(string Path, FileStatus Status, string? LinkTarget);
