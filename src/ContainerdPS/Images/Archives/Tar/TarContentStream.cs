using ContainerdPS.Images.Archives.Streams;

namespace ContainerdPS.Images.Archives.Tar;

/// <summary>The content of the reader's current entry: exactly its size, or an error when the archive ends before that.</summary>
internal sealed class TarContentStream(Stream source, string archive, string entry, long size) : ForwardStream
{
    private bool _closed;
    private long _passed;

    /// <summary>Bytes of the entry that were not read yet.</summary>
    public long Remaining => size - _passed;

    /// <summary>Bars further reading: the archive has moved on and these bytes belong to another entry.</summary>
    public void Retire() => _closed = true;

    /// <summary>Notes bytes passed over by seeking in the archive itself.</summary>
    public void Skipped(long count) => _passed += count;

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return Account(source.Read(Window(buffer)), buffer.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Memory<byte> window = buffer[..(int)Math.Min(buffer.Length, Remaining)];
        return Account(await source.ReadAsync(window, cancellationToken).ConfigureAwait(false), buffer.Length);
    }

    private Span<byte> Window(Span<byte> buffer) => buffer[..(int)Math.Min(buffer.Length, Remaining)];

    private int Account(int read, int asked)
    {
        if (read == 0 && asked > 0 && Remaining > 0)
        {
            throw ArchiveError.Damaged(
                archive,
                $"it ends inside the entry {ArchiveError.Quote(entry)}, {Remaining} of whose {size} bytes are missing. The file is truncated, or its header claims more than there is.");
        }

        _passed += read;
        return read;
    }
}
