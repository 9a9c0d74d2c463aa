using System.Buffers;
using System.Net;
using System.Net.Http;

namespace ContainerdPS.Registry;

/// <summary>A part of a blob as the body of a request: read while it is sent, with constant memory.</summary>
/// <param name="open">Opens the blob where the part begins.</param>
/// <param name="length">How long the part is.</param>
/// <param name="guard">Told that it goes on.</param>
/// <param name="report">Told how much of the part has gone.</param>
internal sealed class UploadContent(Func<Stream> open, long length, StallGuard guard, Action<long> report) : HttpContent
{
    private const int PieceSize = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            Stream source = open();
            await using (source.ConfigureAwait(false))
            {
                for (long gone = 0; gone < length;)
                {
                    int read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(PieceSize, length - gone)), cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new ContainerdException(ContainerdErrorCode.DataLoss, $"The content store ends it {length - gone} bytes too early.") { Reason = "ImageIncomplete" };
                    }

                    await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    gone += read;
                    guard.Touch();
                    report(gone);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
