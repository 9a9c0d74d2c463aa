namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Reads a fifo or a device, which may take any time to answer, so that stopping need not wait for it. Owns its source.</summary>
internal sealed class PatientStream(FileStream source) : ForwardStream
{
    public override int Read(Span<byte> buffer) => source.Read(buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The runtime cannot call a read of a fifo off. Left alone it ends when its writer does, into a buffer nobody looks at.
        byte[] own = new byte[buffer.Length];
        int count = await source.ReadAsync(own, CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        own.AsSpan(0, count).CopyTo(buffer.Span);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
