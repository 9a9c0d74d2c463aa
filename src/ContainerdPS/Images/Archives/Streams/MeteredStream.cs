namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Tells how many bytes each reading through it gave. Does not own its source.</summary>
internal sealed class MeteredStream(Stream source, Action<int> meter) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        meter(read);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        meter(read);
        return read;
    }
}
