using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Logs;

/// <summary>A log that is open for reading while others write it, rename it and cut it.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private LogFile(string path, SafeFileHandle handle, FileStatus? status)
    {
        Path = path;
        this.handle = handle;
        Identity = status?.Identity;
        BornAt = status?.BornSeconds is { } born ? DateTimeOffset.FromUnixTimeSeconds(born) : null;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>What tells it from another file that takes its path; null where that cannot be told.</summary>
    public FileIdentity? Identity { get; }

    /// <summary>When it came to be; null where that is not known.</summary>
    public DateTimeOffset? BornAt { get; }

    public DateTimeOffset WrittenAt => File.GetLastWriteTimeUtc(handle);

    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Opens a log.</summary>
    /// <param name="path">The path.</param>
    /// <param name="whose">Whose log it is, as in <c>of the container 'web'</c>.</param>
    /// <exception cref="ContainerdException">It is not there, is no plain file, or cannot be read.</exception>
    public static LogFile Open(string path, string whose)
    {
        try
        {
            if (OperatingSystem.IsLinux() && StatxCall.ReadTarget(path, out FileStatus target) == 0 && !target.IsRegular)
            {
                // A fifo would wait for a writer, and take from its reader what it gives us.
                throw Failure(ContainerdErrorCode.FailedPrecondition, "NotALogFile", $"'{path}', the log {whose}, is {FileKind.OtherThanSocket(path) ?? "a socket"} and not a plain file.");
            }

            SafeFileHandle handle = OpenHandle(path);
            return new LogFile(path, handle, OperatingSystem.IsLinux() && StatxCall.Read(handle, out FileStatus status) == 0 ? status : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Failure(ContainerdErrorCode.NotFound, "LogFileNotFound", $"The log {whose}, '{path}', is not on this host: it was removed, or moved by a rotation of logs. Give -Path where it is elsewhere now.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Failure(ContainerdErrorCode.PermissionDenied, "LogFileAccessDenied", $"The log {whose}, '{path}', may not be read by this user. Run as one who may, usually root.", e);
        }
        catch (IOException e)
        {
            throw Failure(ContainerdErrorCode.FailedPrecondition, "LogFileUnreadable", $"The log {whose}, '{path}', cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What is at a path now; null for nothing, or where that cannot be told.</summary>
    public static FileIdentity? IdentityOf(string path) =>
        OperatingSystem.IsLinux() && StatxCall.ReadTarget(path, out FileStatus status) == 0 ? status.Identity : null;

    /// <summary>Reads from a place in the file.</summary>
    /// <returns>The number of bytes read; 0 at its end.</returns>
    public int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Dispose() => handle.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        if (!LinuxOnly.IsHere)
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        return PlainOpen.Read(path, out int error) ?? throw (error switch
        {
            Errno.ENOENT or Errno.ENOTDIR => new FileNotFoundException(),
            Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException(),
            _ => new IOException(Errno.Describe(error)),
        });
    }

    private static ContainerdException Failure(ContainerdErrorCode code, string reason, string message, Exception? inner = null) => new(code, message, inner) { Reason = reason };
}
