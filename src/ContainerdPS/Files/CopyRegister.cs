using System.Collections.Concurrent;
using ContainerdPS.Native;

namespace ContainerdPS.Files;

/// <summary>
/// Where one command has copied to, so that the second of many items is not copied over the first, or into it: what
/// happens when the folder for all of them was meant to be there and is not. For many threads.
/// </summary>
internal sealed class CopyRegister
{
    private readonly ConcurrentDictionary<(FileIdentity Folder, string Name), string> taken = new();
    private readonly ConcurrentDictionary<FileIdentity, string> made = new();

    /// <summary>Takes a name for the copy of an item.</summary>
    public void Take(CopyTarget target, FileRoot root, string item)
    {
        if (made.TryGetValue(target.FolderIdentity, out string? whole))
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.InvalidArgument,
                "DestinationTaken",
                $"The folder {root.Describe(target.FolderPath)} was made by this command as the copy of {whole}, so {item} is not copied into it. Make the folder first, so that each of the items gets its own name in it.");
        }

        // The contents of many folders may be brought together in one.
        if (target.Name.Length > 0 && !taken.TryAdd((target.FolderIdentity, target.Name), item))
        {
            throw CopyErrors.Make(
                ContainerdErrorCode.InvalidArgument,
                "DestinationTaken",
                $"{root.Describe(target.Path)} is where this command has copied {taken[(target.FolderIdentity, target.Name)]} already, so {item} is not copied over it. Make the folder first, or give each a destination of its own: -Destination {{ \"logs/$_\" }}.");
        }
    }

    /// <summary>Notes a folder that was made under another name than the original's.</summary>
    public void Made(FileIdentity folder, string item) => made[folder] = item;
}
