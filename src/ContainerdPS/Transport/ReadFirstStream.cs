namespace ContainerdPS.Transport;

/// <summary>
/// A duplex stream whose first read is started at once. The daemon's pipe on Windows has no buffer: its server writes
/// its HTTP/2 settings first, and a client that writes before it reads would wait for the daemon, which waits for it.
/// </summary>
internal sealed class ReadFirstStream : Stream
{
    private readonly Stream inner;
    private readonly byte[] first = new byte[16 * 1024];
    private Task<int>? pending;
    private ReadOnlyMemory<byte> left;

    public ReadFirstStream(Stream inner)
    {
        this.inner = inner;
        pending = inner.ReadAsync(first, CancellationToken.None).AsTask();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (pending is not null)
        {
            if (buffer.IsEmpty)
            {
                // A read of nothing asks whether there is something; the first read answers that, and keeps its bytes.
                await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
                return 0;
            }

            int count = await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            pending = null;
            left = first.AsMemory(0, count);
            if (count == 0)
            {
                return 0;
            }
        }

        if (left.IsEmpty)
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        int taken = Math.Min(buffer.Length, left.Length);
        left[..taken].CopyTo(buffer);
        left = left[taken..];
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
