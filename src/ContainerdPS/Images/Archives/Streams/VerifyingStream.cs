namespace ContainerdPS.Images.Archives.Streams;

/// <summary>
/// Reads a blob whose digest and size are known, and fails instead of reporting its end when it is another one: whoever
/// copies it to the end never comes to the point of committing it.
/// </summary>
internal sealed class VerifyingStream(Stream source, string archive, string entry, string digest, long size) : ForwardStream
{
    private readonly DigestingStream _content = new(source, digest[..digest.IndexOf(':', StringComparison.Ordinal)]);

    public override int Read(Span<byte> buffer) => Check(_content.Read(buffer), buffer.Length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Check(await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Check(int read, int asked)
    {
        bool ended = read == 0 && asked > 0;
        if (_content.Count > size || (ended && _content.Count < size))
        {
            string actual = ended ? $"{_content.Count}" : $"more than {size}";
            throw ArchiveError.Damaged(archive, $"the blob {ArchiveError.Quote(entry)} should have {size} bytes and has {actual}.");
        }

        if (ended && _content.Digest != digest)
        {
            throw ArchiveError.Damaged(archive, $"the content of the blob {ArchiveError.Quote(entry)} has the digest {_content.Digest}, not {digest}. The archive was damaged or altered.");
        }

        return read;
    }
}
