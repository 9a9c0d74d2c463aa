using System.Buffers.Binary;
using System.Threading.Channels;

namespace ContainerdPS.Transport;

/// <summary>
/// The connection to a gRPC server that answers every call with one empty message: HTTP/2 (RFC 9113) reduced to what a
/// client has to hear, of which a few bytes are enough.
/// </summary>
internal sealed class RehearsalStream : Stream
{
    private const int PrefaceLength = 24;
    private const int HeaderLength = 9;
    private const byte DataFrame = 0;
    private const byte HeadersFrame = 1;
    private const byte SettingsFrame = 4;
    private const byte EndStream = 1;
    private const byte Acknowledged = 1;
    private const byte EndHeaders = 4;

    // ":status: 200" is entry 8 of the static table, "content-type" the name of entry 31 (RFC 7541, appendix A).
    private static readonly byte[] Headers = [0x88, 0x0f, 0x10, 16, .. "application/grpc"u8];
    private static readonly byte[] EmptyMessage = [0, 0, 0, 0, 0];
    private static readonly byte[] Trailers = [0, 11, .. "grpc-status"u8, 1, .. "0"u8];

    private readonly Channel<byte[]> answers = Channel.CreateUnbounded<byte[]>();
    private readonly MemoryStream received = new();
    private int read = PrefaceLength;
    private ReadOnlyMemory<byte> left;

    public RehearsalStream() => Answer(SettingsFrame, 0, 0, []);

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
        if (left.IsEmpty)
        {
            if (!await answers.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            if (buffer.IsEmpty || !answers.Reader.TryRead(out byte[]? next))
            {
                return 0;
            }

            left = next;
        }

        int taken = Math.Min(buffer.Length, left.Length);
        left[..taken].CopyTo(buffer);
        left = left[taken..];
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        received.Write(buffer.Span);
        ReadOnlySpan<byte> bytes = received.GetBuffer().AsSpan(0, (int)received.Length);
        while (bytes.Length >= read + HeaderLength)
        {
            ReadOnlySpan<byte> frame = bytes[read..];
            int end = read + HeaderLength + (int)(BinaryPrimitives.ReadUInt32BigEndian(frame) >> 8);
            if (bytes.Length < end)
            {
                break;
            }

            Hear(frame[3], frame[4], BinaryPrimitives.ReadInt32BigEndian(frame[5..]));
            read = end;
        }

        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        answers.Writer.TryComplete();
        base.Dispose(disposing);
    }

    private void Hear(byte type, byte flags, int stream)
    {
        if (type == SettingsFrame && (flags & Acknowledged) == 0)
        {
            Answer(SettingsFrame, Acknowledged, 0, []);
        }
        else if (type is DataFrame or HeadersFrame && (flags & EndStream) != 0)
        {
            Answer(HeadersFrame, EndHeaders, stream, Headers);
            Answer(DataFrame, 0, stream, EmptyMessage);
            Answer(HeadersFrame, EndHeaders | EndStream, stream, Trailers);
        }
    }

    private void Answer(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderLength + payload.Length];
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        answers.Writer.TryWrite(frame);
    }
}
