namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Writes everything that is read through it to a second stream as well. Owns neither.</summary>
internal sealed class TeeStream(Stream source, Stream copy) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        copy.Write(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        await copy.WriteAsync(buffer[..read], cancellationToken).ConfigureAwait(false);
        return read;
    }
}
