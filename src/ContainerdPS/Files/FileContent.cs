using System.Buffers;
using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Files;

/// <summary>Copies the content of a file through a buffer of fixed size; holes stay holes.</summary>
internal static class FileContent
{
    private const int BufferSize = 512 * 1024;
    private const int BlockUnit = 512;

    private const int FileTooBig = 27;

    /// <summary>Copies from one open file to another, a new one.</summary>
    /// <exception cref="ContentFailure">Reading or writing failed.</exception>
    public static void Copy(SafeFileHandle source, FileStatus status, SafeFileHandle destination, CopyTally tally, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            if (status.Size == 0)
            {
                // Empty, or one of those the kernel makes as it is read, which have no size.
                CopyRange(source, destination, 0, long.MaxValue, buffer, tally, cancellationToken);
            }
            else if (Environment.Is64BitProcess && status.Blocks * BlockUnit < status.Size)
            {
                CopyData(source, destination, status.Size, buffer, tally, cancellationToken);
            }
            else
            {
                // Only what was there at the beginning: a log that grows as fast as it is read would never end.
                CopyRange(source, destination, 0, status.Size, buffer, tally, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void CopyData(SafeFileHandle source, SafeFileHandle destination, long size, byte[] buffer, CopyTally tally, CancellationToken cancellationToken)
    {
        long offset = 0;
        while (offset < size)
        {
            long data = SeekCall.NextData(source, offset, out int error);
            if (data < 0 && error != Errno.ENXIO)
            {
                // This file system does not tell its holes.
                CopyRange(source, destination, offset, size, buffer, tally, cancellationToken);
                return;
            }

            if (data < 0 || data >= size)
            {
                break;
            }

            long end = SeekCall.NextHole(source, data, out _);
            end = end < 0 ? size : Math.Min(end, size);
            if (!CopyRange(source, destination, data, end, buffer, tally, cancellationToken))
            {
                // It was cut off meanwhile.
                return;
            }

            offset = end;
        }

        try
        {
            RandomAccess.SetLength(destination, size);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new ContentFailure(ErrorNumber(e), isReading: false, e);
        }
    }

    /// <returns>Whether the source had all of it.</returns>
    private static bool CopyRange(
        SafeFileHandle source, SafeFileHandle destination, long from, long to, byte[] buffer, CopyTally tally, CancellationToken cancellationToken)
    {
        for (long offset = from; offset < to;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isReading = true;
            int read;
            try
            {
                read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(BufferSize, to - offset)), offset);
                isReading = false;
                RandomAccess.Write(destination, buffer.AsSpan(0, read), offset);
            }
            catch (Exception e) when (IsFailure(e))
            {
                throw new ContentFailure(ErrorNumber(e), isReading, e);
            }

            if (read == 0)
            {
                return false;
            }

            offset += read;
            tally.AddBytes(read);
        }

        return true;
    }

    private static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    // The runtime makes exceptions of its own of some error numbers.
    private static int ErrorNumber(Exception e) => e switch
    {
        ArgumentOutOfRangeException => FileTooBig,
        UnauthorizedAccessException => Errno.EACCES,
        _ => e.HResult,
    };
}

/// <summary>Reading or writing a file's content failed, with which error number.</summary>
internal sealed class ContentFailure(int error, bool isReading, Exception inner) : Exception(inner.Message, inner)
{
    public int Error => error;

    public bool IsReading => isReading;
}
