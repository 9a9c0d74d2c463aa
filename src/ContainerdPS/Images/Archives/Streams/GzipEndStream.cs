using System.Buffers.Binary;

namespace ContainerdPS.Images.Archives.Streams;

/// <summary>
/// Watches compressed gzip data go by, to tell at its end whether that end was there. The platform's decompressor takes
/// data that stops early for complete; the daemon does not, and would refuse the layer only when it is unpacked.
/// </summary>
internal sealed class GzipEndStream(Stream source) : ForwardStream
{
    private uint _last;
    private int _members;

    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        Watch(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Watch(buffer.Span[..read]);
        return read;
    }

    /// <summary>
    /// Gzip data closes with the low 32 bits of the uncompressed length. Several members in a row each close with their own
    /// length only; where there may be several, their ends cannot be told from here and are taken as good.
    /// </summary>
    public bool IsComplete(long uncompressedLength) =>
        _members > 1 || BinaryPrimitives.ReverseEndianness(_last) == (uint)uncompressedLength;

    private void Watch(ReadOnlySpan<byte> read)
    {
        foreach (byte value in read)
        {
            _last = (_last << 8) | value;
            if ((_last & 0xFFFFFF) == 0x1F8B08)
            {
                _members++;
            }
        }
    }
}
