using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Reads a blob from the content store from an offset on, as it comes, a chunk at a time. It can only be read asynchronously.</summary>
internal sealed class ContentStream(NamespaceClient client, string digest, long offset = 0) : ForwardStream
{
    private readonly CancellationTokenSource end = new();
    private IAsyncEnumerator<ReadOnlyMemory<byte>>? chunks;
    private ReadOnlyMemory<byte> chunk;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        chunks ??= client.Content.ReadAsync(digest, offset, end.Token).GetAsyncEnumerator(CancellationToken.None);
        using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), end))
        {
            try
            {
                while (chunk.IsEmpty)
                {
                    if (!await chunks.MoveNextAsync().ConfigureAwait(false))
                    {
                        return 0;
                    }

                    chunk = chunks.Current;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        int count = Math.Min(buffer.Length, chunk.Length);
        chunk[..count].CopyTo(buffer);
        chunk = chunk[count..];
        return count;
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Content comes asynchronously.");

    public override async ValueTask DisposeAsync()
    {
        if (chunks is not null)
        {
            await chunks.DisposeAsync().ConfigureAwait(false);
        }

        end.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
