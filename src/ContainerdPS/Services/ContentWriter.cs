using ContainerdPS.Wire.ContentV1;
using Google.Protobuf;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>
/// One write into the content store, message by message. A message that has been sent is answered before anything else
/// happens, also when the command is stopped meanwhile: only then does <see cref="AbortAsync"/> find all that was made.
/// </summary>
internal sealed class ContentWriter : IAsyncDisposable
{
    /// <summary>The most data for one message; the daemon takes some 4 MiB.</summary>
    public const int ChunkSize = 1024 * 1024;

    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    private readonly NamespaceClient client;
    private readonly string reference;
    private readonly CancellationTokenSource callLife = new();
    private readonly AsyncDuplexStreamingCall<WriteContentRequest, WriteContentResponse> call;
    private bool ended;

    private ContentWriter(NamespaceClient client, string reference)
    {
        this.client = client;
        this.reference = reference;
        call = client.Content.Write(callLife.Token);
    }

    /// <summary>How many bytes the daemon has: where the next ones go.</summary>
    public long Offset { get; private set; }

    /// <summary>The digest of the bytes that were there when the write was opened.</summary>
    public string OpenedDigest { get; private set; } = string.Empty;

    /// <summary>Opens a write, or goes on with the one of that name.</summary>
    /// <param name="client">Where to; under a lease where it has one.</param>
    /// <param name="reference">The name of the write, one writer at a time.</param>
    /// <param name="total">The size of the blob; 0 when it is not known.</param>
    /// <param name="expected">The digest of the blob; empty when it is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ContainerdException">AlreadyExists: the expected blob is there. Unavailable: somebody is writing under that name.</exception>
    public static async Task<ContentWriter> OpenAsync(NamespaceClient client, string reference, long total, string expected, CancellationToken cancellationToken)
    {
        var writer = new ContentWriter(client, reference);
        try
        {
            WriteContentResponse response = await writer.ExchangeAsync(
                new WriteContentRequest { Action = WriteAction.Stat, Ref = reference, Total = total, Expected = expected }, cancellationToken).ConfigureAwait(false);
            writer.Offset = response.Offset;
            writer.OpenedDigest = response.Digest;
            return writer;
        }
        catch
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Appends bytes, at most <see cref="ChunkSize"/> of them.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var request = new WriteContentRequest { Action = WriteAction.Write, Offset = Offset, Data = UnsafeByteOperations.UnsafeWrap(data) };
        Offset = (await ExchangeAsync(request, cancellationToken).ConfigureAwait(false)).Offset;
    }

    /// <summary>Appends what a stream holds, and reads on while the daemon writes.</summary>
    /// <param name="source">Read from where it stands to its end.</param>
    /// <param name="progress">Told how many bytes the daemon has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CopyAsync(Stream source, Action<long>? progress, CancellationToken cancellationToken)
    {
        byte[] current = new byte[ChunkSize];
        byte[] next = new byte[ChunkSize];
        int count = await source.ReadAtLeastAsync(current, ChunkSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        while (count > 0)
        {
            Task sent = WriteAsync(current.AsMemory(0, count), cancellationToken);
            try
            {
                count = await source.ReadAtLeastAsync(next, ChunkSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            await sent.ConfigureAwait(false);
            progress?.Invoke(Offset);
            (current, next) = (next, current);
        }
    }

    /// <summary>Makes what was written a blob. The daemon checks size and digest once more.</summary>
    /// <exception cref="ContainerdException">AlreadyExists: the blob was there before.</exception>
    public async Task CommitAsync(string digest, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        var request = new WriteContentRequest { Action = WriteAction.Commit, Offset = Offset, Total = Offset, Expected = digest };
        foreach ((string key, string value) in labels ?? new Dictionary<string, string>())
        {
            request.Labels.Add(key, value);
        }

        await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes back what a write has left under its name. It does not throw.</summary>
    public static async Task AbortAsync(NamespaceClient client, string reference)
    {
        using var limit = new CancellationTokenSource(AbortLimit);
        try
        {
            await client.Content.AbortAsync(reference, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Not found is usual: a commit takes the name away. Anything else ends with the lease, or after a day.
        }
    }

    /// <summary>Ends the call; what was not committed stays under its name.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!ended)
        {
            // The end of the requests is the orderly way out: it frees the name before anybody asks for it again.
            using var limit = new CancellationTokenSource(AbortLimit);
            try
            {
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                while (await call.ResponseStream.MoveNext(limit.Token).ConfigureAwait(false))
                {
                }
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException or InvalidOperationException or RpcException or IOException)
            {
                // The call ended another way.
            }
        }

        await callLife.CancelAsync().ConfigureAwait(false);
        call.Dispose();
        callLife.Dispose();
    }

    /// <summary>One message, one answer: that is the daemon's protocol.</summary>
    private async Task<WriteContentResponse> ExchangeAsync(WriteContentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Shielded.RunAsync(token => AnswerAsync(request, token), cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && e.ObjectId is null)
        {
            ended = true;
            throw e.About(ObjectKinds.Ingest, reference);
        }
        catch
        {
            ended = true;
            throw;
        }
    }

    private async Task<WriteContentResponse> AnswerAsync(WriteContentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or ContainerdException or IOException)
        {
            // The call has ended; reading says why.
        }

        return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false)
            ? call.ResponseStream.Current
            : throw new ContainerdException(ContainerdErrorCode.Unavailable, "The daemon ended a write without an answer.") { Reason = "ConnectionLost" };
    }
}
