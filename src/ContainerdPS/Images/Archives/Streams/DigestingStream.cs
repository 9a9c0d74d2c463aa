using System.Security.Cryptography;

namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Counts and hashes what is read through it. Does not own its source.</summary>
internal sealed class DigestingStream : ForwardStream
{
    private readonly Stream _source;
    private readonly IncrementalHash _hash;
    private readonly string _algorithm;

    /// <param name="source">What to read.</param>
    /// <param name="algorithm">The algorithm as a digest names it: <c>sha256</c> or <c>sha512</c>.</param>
    public DigestingStream(Stream source, string algorithm = "sha256")
    {
        _source = source;
        _algorithm = algorithm;
        _hash = Oci.Image.Digest.CreateHash(algorithm);
    }

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>The digest of what was read so far, as <c>sha256:HEX</c>.</summary>
    public string Digest => $"{_algorithm}:{Convert.ToHexString(_hash.GetCurrentHash()).ToLowerInvariant()}";

    public override int Read(Span<byte> buffer)
    {
        int read = _source.Read(buffer);
        Take(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Take(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> read)
    {
        _hash.AppendData(read);
        Count += read.Length;
    }
}
