using System.IO.Compression;
using System.Runtime.CompilerServices;
using ContainerdPS.Native;

namespace ContainerdPS.Images.Export;

/// <summary>
/// The file an archive becomes: written beside its place and moved there when it is whole, so that a failure leaves
/// what was there before. A fifo or a device is written to as it is.
/// </summary>
internal sealed class ArchiveFileTarget : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;
    private const int WindowsDiskFull = 0x70;
    private const int WindowsHandleDiskFull = 0x27;

    private static readonly TimeSpan FifoPoll = TimeSpan.FromMilliseconds(50);

    private readonly string path;
    private readonly string? partial;
    private readonly bool replace;
    private readonly FileStream file;
    private Stream? compressor;

    private ArchiveFileTarget(string path, string? partial, bool replace, FileStream file)
    {
        this.path = path;
        this.partial = partial;
        this.replace = replace;
        this.file = file;
    }

    /// <summary>Whether it became a file that can be told of, and not a stream somebody reads.</summary>
    public bool IsFile => partial is not null;

    /// <summary>Refuses a path that nothing can be written to, or, unless it is replaced, that has a file.</summary>
    public static void Check(string path, bool replace)
    {
        if (Directory.Exists(path))
        {
            throw Failure(ContainerdErrorCode.InvalidArgument, "FileIsFolder", path, "it is a folder. Name a file in it");
        }

        if (!replace && File.Exists(path))
        {
            throw Existing(path);
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw Explain(path, new DirectoryNotFoundException());
        }
    }

    /// <summary>Opens the target; a fifo, when somebody reads it.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="replace">Whether a file that is there is replaced.</param>
    /// <param name="isSecret">Whether it is readable by its owner only.</param>
    /// <param name="cancellationToken">Gives up the wait for a reader.</param>
    /// <exception cref="ContainerdException">There is a file already, the folder is not there, or it cannot be written to.</exception>
    public static async Task<ArchiveFileTarget> OpenAsync(string path, bool replace, bool isSecret, CancellationToken cancellationToken)
    {
        Check(path, replace);

        // What a link leads to is replaced, not the link.
        path = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = BufferSize };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string? partial = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid().ToString("N")[..8]}.partial");
        bool isFifo = false;
        if (OperatingSystem.IsLinux() && StatxCall.Read(path, out FileStatus status) == 0 && !status.IsRegular)
        {
            partial = null;
            isFifo = status.IsFifo;
            options = new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = BufferSize };
        }

        try
        {
            using FileDescriptor? held = isFifo ? await ReaderAsync(path, cancellationToken).ConfigureAwait(false) : null;
            var file = new FileStream(partial ?? path, options);
            if (partial is not null && !isSecret && !OperatingSystem.IsWindows() && File.Exists(path))
            {
                // Who could read what is replaced, and nobody else.
                File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(path));
            }

            return new ArchiveFileTarget(path, partial, replace, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, e);
        }
    }

    /// <summary>What to write the archive to.</summary>
    public Stream Compress(ArchiveCompression compression) => Kind(compression) switch
    {
        ArchiveCompression.Gzip => compressor = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true),
        ArchiveCompression.Zstd => compressor = OpenZstandard(file),
        _ => file,
    };

    /// <summary>Ends the archive and puts it in its place.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (compressor is not null)
        {
            await compressor.DisposeAsync().ConfigureAwait(false);
            compressor = null;
        }

        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        await file.DisposeAsync().ConfigureAwait(false);
        if (partial is null)
        {
            return;
        }

        try
        {
            File.Move(partial, path, replace);
        }
        catch (IOException) when (!replace && File.Exists(path))
        {
            throw Existing(path);
        }
    }

    /// <summary>Takes away what was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (compressor is not null)
            {
                await compressor.DisposeAsync().ConfigureAwait(false);
            }

            await file.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A full disk is what made it fail, and is met again here.
        }

        if (partial is not null)
        {
            File.Delete(partial);
        }
    }

    /// <summary>Says in plain words why a file cannot be written.</summary>
    public static ContainerdException Explain(string path, Exception e) => e switch
    {
        DirectoryNotFoundException or FileNotFoundException => Failure(ContainerdErrorCode.NotFound, "FolderNotFound", path, "its folder is not there", e),
        UnauthorizedAccessException => Failure(ContainerdErrorCode.PermissionDenied, "FileAccessDenied", path, "this user may not write there", e),
        _ when IsFull(e) => Failure(ContainerdErrorCode.ResourceExhausted, "DiskFull", path, "the disk is full", e),
        _ => Failure(ContainerdErrorCode.Unknown, "FileWriteFailed", path, e.Message.TrimEnd('.'), e),
    };

    private ArchiveCompression Kind(ArchiveCompression compression) => compression != ArchiveCompression.Auto ? compression : Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".gz" or ".tgz" => ArchiveCompression.Gzip,
        ".zst" or ".tzst" or ".zstd" => ArchiveCompression.Zstd,
        _ => ArchiveCompression.None,
    };

    // Apart, so that the library is only loaded where something is compressed with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ZstdSharp.CompressionStream OpenZstandard(Stream target) => new(target, leaveOpen: true);

    /// <summary>Opening a fifo waits for its reader, and could not be given up meanwhile. What this gives is to be kept until it is open: a reader whose only writer leaves is at its end.</summary>
    private static async Task<FileDescriptor> ReaderAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            int errno = Fifo.OpenForWriting(path, out FileDescriptor descriptor);
            if (errno == 0)
            {
                return descriptor;
            }

            descriptor.Dispose();
            if (errno != Errno.ENXIO)
            {
                throw Errno.ToException(errno, $"The fifo '{path}' cannot be opened");
            }

            await Task.Delay(FifoPoll, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsFull(Exception e)
    {
        int code = e.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code is WindowsDiskFull or WindowsHandleDiskFull : code is Errno.ENOSPC or Errno.EDQUOT;
    }

    private static ContainerdException Existing(string path) =>
        Failure(ContainerdErrorCode.AlreadyExists, "FileExists", path, "there is a file already. Name another, or leave out -NoClobber to replace it");

    private static ContainerdException Failure(ContainerdErrorCode code, string reason, string path, string why, Exception? inner = null) =>
        new(code, $"Cannot export to '{path}': {why}.", inner) { Reason = reason };
}
