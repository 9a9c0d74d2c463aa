using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>
/// A tree of files to copy from or to: a container's, as the container sees it, or this machine's. In a container's no
/// path and no link leads outside, whatever its processes move meanwhile.
/// </summary>
internal sealed class FileRoot : IDisposable
{
    // A process that moves folders all the time can have the kernel refuse to vouch for a path, but hardly so often.
    private const int MostAttempts = 1000;

    private readonly SafeFileHandle? folder;
    private readonly IDisposable? keeps;
    private readonly bool bySteps;

    private FileRoot(SafeFileHandle? folder, IDisposable? keeps, bool bySteps)
    {
        this.folder = folder;
        this.keeps = keeps;
        this.bySteps = bySteps;
    }

    /// <summary>The files of this machine.</summary>
    public static FileRoot Local { get; } = new(null, null, bySteps: false);

    /// <summary>The container's id; null for this machine.</summary>
    public string? Container { get; private init; }

    /// <summary>Whether these are the files of a container that did not run when they were opened.</summary>
    public bool IsSnapshot => Container is not null && keeps is not null;

    public IdMap Users { get; private init; } = IdMap.Same;

    public IdMap Groups { get; private init; } = IdMap.Same;

    /// <summary>Mounts of the container that are not there, by their place inside, and why: what is copied there goes beneath them.</summary>
    public IReadOnlyList<(string Path, string Why)> MissingMounts { get; init; } = [];

    /// <summary>The files of a container.</summary>
    /// <param name="container">Its id.</param>
    /// <param name="folder">Its root, opened or named.</param>
    /// <param name="users">Its user namespace's user ids.</param>
    /// <param name="groups">Its user namespace's group ids.</param>
    /// <param name="missing">See <see cref="MissingMounts"/>.</param>
    /// <param name="keeps">What must be kept as long as the files are used.</param>
    /// <param name="bySteps">Resolves paths without the kernel's help even where it could.</param>
    public static FileRoot OfContainer(
        string container, SafeFileHandle folder, IdMap users, IdMap groups, IReadOnlyList<(string Path, string Why)>? missing = null, IDisposable? keeps = null, bool bySteps = false) =>
        new(folder, keeps, bySteps || !ResolvedOpenCall.IsSupported) { Container = container, Users = users, Groups = groups, MissingMounts = missing ?? [] };

    /// <summary>Finds what a path names; null and the error number when that fails.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="followLast">Whether a link at its end is followed too.</param>
    /// <param name="error">The error number.</param>
    public FileItem? Find(string path, bool followLast, out int error) => FileItem.From(Open(path, followLast, out error), ref error);

    /// <summary>Finds what a path below a folder names, with no symbolic link on the way.</summary>
    public FileItem? FindBelow(SafeFileHandle start, string path, out int error) => FileItem.From(
        bySteps || !ResolvedOpenCall.IsSupported ? StepResolver.OpenWithoutLinks(start, path, out error) : ResolvedOpenCall.OpenWithoutLinks(start, path, out error), ref error);

    /// <summary>What messages call a path in it.</summary>
    public string Describe(string path) => Container is null ? $"'{path}'" : $"'{path}' in the container '{Container}'";

    public void Dispose()
    {
        folder?.Dispose();
        keeps?.Dispose();
    }

    private SafeFileHandle? Open(string path, bool followLast, out int error)
    {
        if (folder is null)
        {
            return FolderCalls.OpenPath(path, followLast, out error);
        }

        if (bySteps)
        {
            return StepResolver.Open(folder, path, followLast, out error);
        }

        for (int attempt = 1; ; attempt++)
        {
            SafeFileHandle? found = ResolvedOpenCall.Open(folder, path, followLast, out error);
            if (found is not null || error != Errno.EAGAIN || attempt == MostAttempts)
            {
                return found;
            }

            Thread.Yield();
        }
    }
}
