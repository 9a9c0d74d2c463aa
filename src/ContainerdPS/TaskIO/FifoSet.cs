using System.Runtime.Versioning;
using System.Security.Cryptography;
using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>The fifos of one process, in a directory of their own on the daemon's host.</summary>
/// <remarks>Removal takes away each path that is a fifo, then its directory if that is empty, and nothing else.</remarks>
internal sealed class FifoSet : IDisposable
{
    /// <summary>Where fifos are made unless the caller says otherwise.</summary>
    public const string DefaultRoot = "/run/containerd/fifo";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int NameAttempts = 16;

    private readonly bool _isOwner;

    private FifoSet(string? stdin, string? stdout, string? stderr, bool terminal, bool isOwner)
    {
        Stdin = stdin;
        Stdout = stdout;
        Stderr = stderr;
        Terminal = terminal;
        _isOwner = isOwner;
    }

    /// <summary>The path of the standard input's fifo, or null when the process gets none.</summary>
    public string? Stdin { get; }

    public string? Stdout { get; }

    /// <summary>The path of the standard error's fifo; null with a terminal, which has one output only.</summary>
    public string? Stderr { get; }

    public bool Terminal { get; }

    /// <summary>Makes a fresh directory and the fifos in it; disposing removes them.</summary>
    /// <param name="id">The id of the container or exec process: the beginning of each fifo's name.</param>
    /// <param name="stdin">Shall the process have a standard input?</param>
    /// <param name="terminal">Does the process run on a terminal, and so without a standard error of its own?</param>
    /// <param name="root">The directory to make it in. By default <see cref="DefaultRoot"/>, then, when that cannot
    /// be written, <c>containerd/fifo</c> in the user's runtime directory.</param>
    /// <param name="mark">The beginning of the directory's name, for <see cref="RemoveMarked"/>.</param>
    /// <exception cref="ContainerdException">PermissionDenied when no directory can be written; the message names it.</exception>
    public static FifoSet Create(string id, bool stdin, bool terminal, string? root = null, string? mark = null)
    {
        if (!LinuxOnly.IsHere)
        {
            throw LinuxOnly.Unimplemented("opening the streams of a task");
        }
        if (id.Length == 0 || id.AsSpan().ContainsAny('/', '\0'))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{id}' cannot be the id of a process: it names its fifos, so it must be a valid file name.");
        }
        string directory = root is not null ? MakeDirectory(root, mark) : MakeDefaultDirectory(mark);
        string prefix = Path.Combine(directory, id);
        FifoSet set = new(
            stdin ? $"{prefix}-stdin" : null,
            $"{prefix}-stdout",
            terminal ? null : $"{prefix}-stderr",
            terminal,
            isOwner: true);
        try
        {
            MakeFifo(set.Stdin);
            MakeFifo(set.Stdout);
            MakeFifo(set.Stderr);
            return set;
        }
        catch
        {
            set.Remove();
            throw;
        }
    }

    /// <summary>
    /// The fifos of a process that exists, by the paths the daemon reports (empty for none). Disposing leaves them,
    /// <see cref="Remove"/> does not.
    /// </summary>
    public static FifoSet Existing(string stdin, string stdout, string stderr, bool terminal)
    {
        if (!LinuxOnly.IsHere)
        {
            throw LinuxOnly.Unimplemented("opening the streams of a task");
        }
        return new FifoSet(NullIfEmpty(stdin), NullIfEmpty(stdout), terminal ? null : NullIfEmpty(stderr), terminal, isOwner: false);
    }

    /// <summary>Removes every set that was made with a mark, in the directories it may have been made in. It does not throw.</summary>
    public static void RemoveMarked(string mark, string? root = null)
    {
        try
        {
            foreach (string directory in new[] { root, DefaultRoot, UserRoot }.OfType<string>().Distinct().Where(Directory.Exists).SelectMany(place => Directory.GetDirectories(place, mark + "*")))
            {
                Array.ForEach(Directory.GetFileSystemEntries(directory), static path => RemoveFifo(path));
                _ = Directories.Remove(directory);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or removed by somebody else meanwhile.
        }
    }

    /// <summary>The same fifos as those of a process that exists: disposing leaves them.</summary>
    public FifoSet Released() => new(Stdin, Stdout, Stderr, Terminal, isOwner: false);

    /// <summary>Removes the fifos and their directory. Calling it again does nothing; it does not throw.</summary>
    public void Remove()
    {
        bool removed = RemoveFifo(Stdin) | RemoveFifo(Stdout) | RemoveFifo(Stderr);
        // A directory that we neither made nor found a fifo in is not a fifo directory.
        if ((removed || _isOwner) && Path.GetDirectoryName(Stdin ?? Stdout ?? Stderr) is { Length: > 0 } directory)
        {
            // Refused by the system while anything is left in it.
            _ = Directories.Remove(directory);
        }
    }

    /// <summary>Removes what this set has made.</summary>
    public void Dispose()
    {
        if (_isOwner)
        {
            Remove();
        }
    }

    private static string? UserRoot => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathFullyQualified(runtime)
        ? Path.Combine(runtime, "containerd", "fifo")
        : null;

    private static string? NullIfEmpty(string path) => path.Length == 0 ? null : path;

    [UnsupportedOSPlatform("windows")]
    private static string MakeDefaultDirectory(string? mark)
    {
        try
        {
            return MakeDirectory(DefaultRoot, mark);
        }
        catch (ContainerdException error) when (error.Code == ContainerdErrorCode.PermissionDenied && UserRoot is not null)
        {
            return MakeDirectory(UserRoot, mark);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string MakeDirectory(string root, string? mark)
    {
        if (!Path.IsPathFullyQualified(root))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The directory for fifos must be an absolute path, because the daemon opens them too; '{root}' is not.");
        }
        try
        {
            Directory.CreateDirectory(root, OwnerOnly);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw CannotWrite(
                root,
                error is UnauthorizedAccessException ? ContainerdErrorCode.PermissionDenied : ContainerdErrorCode.FailedPrecondition,
                error.Message,
                error);
        }
        int errno = 0;
        for (int attempt = 0; attempt < NameAttempts; attempt++)
        {
            string directory = Path.Combine(root, mark + RandomNumberGenerator.GetHexString(16, lowercase: true));
            errno = Directories.Make(directory);
            if (errno == 0)
            {
                return directory;
            }
            if (errno != Errno.EEXIST)
            {
                break;
            }
        }
        throw CannotWrite(root, Errno.ToCode(errno), Errno.Describe(errno), inner: null);
    }

    private static ContainerdException CannotWrite(string root, ContainerdErrorCode code, string reason, Exception? inner) => new(
        code,
        $"The fifos for a task's streams cannot be made in '{root}' ({reason.TrimEnd('.')}). "
        + "Run as a user who may write there, or choose another directory of the daemon's host that both you and the daemon can reach.",
        inner) { Reason = "FifoFolderNotWritable" };

    private static void MakeFifo(string? path)
    {
        if (path is null)
        {
            return;
        }
        int errno = Fifo.Make(path);
        if (errno != 0)
        {
            throw Errno.ToException(errno, $"The fifo '{path}' for a stream of a task cannot be made");
        }
    }

    private static bool RemoveFifo(string? path) =>
        path is not null && FileTypes.IsFifo(path) && Directories.Unlink(path) == 0;
}
