namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Turns what a decompressor throws over damaged data into one error that names the archive. Owns the decompressor.</summary>
internal sealed class DecompressedStream(Stream decompressor, string archive) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return decompressor.Read(buffer);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await decompressor.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw Damaged(exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decompressor.Dispose();
        }

        base.Dispose(disposing);
    }

    // By name, so that catching does not load the zstd library where it is not used.
    private static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or EndOfStreamException || exception.GetType().Name == "ZstdException";

    private ContainerdException Damaged(Exception exception) =>
        ArchiveError.Damaged(archive, $"its compressed data is damaged or ends too early ({exception.Message.TrimEnd('.')}).", exception);
}
