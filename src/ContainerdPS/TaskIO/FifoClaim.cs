using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// The claim to be the one reader of a process's output: a fifo gives each byte to one reader only, and nobody knows to
/// which. Readers of this module know of each other by a lock on the folder of the fifos; others are found by what they
/// have open.
/// </summary>
internal sealed class FifoClaim : IDisposable
{
    private readonly FileDescriptor? _folder;

    private FifoClaim(FileDescriptor? folder, string? others)
    {
        _folder = folder;
        Others = others;
    }

    /// <summary>Who else reads, as the subject of a sentence; null when nobody does.</summary>
    public string? Others { get; }

    /// <summary>Claims the output; it is no failure that others read it.</summary>
    public static FifoClaim Make(FifoSet fifos)
    {
        string? path = fifos.Stdout ?? fifos.Stderr;
        if (path is null)
        {
            return new FifoClaim(null, null);
        }

        int errno = FileLock.TryLockFolder(Path.GetDirectoryName(path)!, out FileDescriptor folder);
        bool isLocked = errno == Errno.EAGAIN;
        if (errno != 0)
        {
            folder.Dispose();
        }

        string? others = FifoReaders.Other(path) is { } process
            ? $"The process {process}"
            : isLocked ? "Another command, of this shell or one that cannot be looked into," : null;
        return new FifoClaim(errno == 0 ? folder : null, others);
    }

    public void Dispose() => _folder?.Dispose();
}
