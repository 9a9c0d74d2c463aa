namespace ContainerdPS.TaskIO;

/// <summary>The standard input of a process as a stream to write to, asynchronously and one call at a time.</summary>
internal sealed class StdinStream(FifoWriter writer) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has the process closed its input? A write then throws <see cref="IOException"/>.</summary>
    public bool ReaderGone => writer.ReaderGone;

    /// <summary>Completes, always without error, when nothing more can be written.</summary>
    public Task Closed => writer.Closed;

    /// <inheritdoc cref="FifoWriter.CompleteAsync"/>
    public Task CompleteAsync(CancellationToken cancellationToken) => writer.CompleteAsync(cancellationToken);

    /// <inheritdoc cref="FifoWriter.WriteAsync"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        writer.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc cref="FifoWriter.WriteAsync"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        writer.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing is buffered here.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A process may take for ever to read its input: write asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            writer.Dispose();
        }
        base.Dispose(disposing);
    }
}
