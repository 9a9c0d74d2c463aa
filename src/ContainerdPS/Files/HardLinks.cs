using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>Which files of a tree that have several names were copied, so that the copies share one file too.</summary>
internal sealed class HardLinks(FileRoot destination, SafeFileHandle top)
{
    private readonly Dictionary<FileIdentity, (string Path, FileIdentity Copy)> copied = [];

    /// <summary>Notes the copy of a file.</summary>
    /// <param name="original">The original.</param>
    /// <param name="path">The copy's path below the top.</param>
    /// <param name="copy">The copy.</param>
    public void Add(FileIdentity original, string path, FileIdentity copy) => copied[original] = (path, copy);

    /// <summary>Gives the copy of the same original a further name, where it is still there.</summary>
    public bool TryAddName(FileIdentity original, SafeFileHandle folder, string name)
    {
        if (!copied.TryGetValue(original, out (string Path, FileIdentity Copy) first))
        {
            return false;
        }

        // Found again by its path, as a descriptor for each would use them up; what has its name by now may be another.
        using FileItem? found = destination.FindBelow(top, first.Path, out _);
        return found is not null && found.Status.Identity == first.Copy && EntryCalls.AddName(found.Handle, folder, name) == 0;
    }
}
