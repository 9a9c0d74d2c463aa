using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;
using Google.Protobuf;
using Grpc.Core;

namespace ContainerdPS.Images;

/// <summary>Puts blobs into a daemon's content store. Use it under a lease: nothing refers to the blobs yet.</summary>
internal sealed class ContentSink(NamespaceClient client) : IBlobSink
{
    private const int ChunkSize = 1024 * 1024;
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(10);

    public async Task<long?> FindAsync(string digest, CancellationToken cancellationToken) =>
        (await client.Content.FindAsync(digest, cancellationToken).ConfigureAwait(false))?.Size;

    public async Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) =>
        new MemoryStream((await client.Content.ReadWholeAsync(digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false)).ToArray(), writable: false);

    public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        client.Content.SetLabelsAsync(digest, labels, cancellationToken);

    public async Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
    {
        // Under the name of this lease, so that no two writers meet on one ingest.
        string reference = $"{client.Lease}-{blob.Digest}";
        bool committed = false;
        try
        {
            committed = await SendAsync(reference, blob, content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!committed)
            {
                await AbortAsync(reference).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> SendAsync(string reference, OciDescriptor blob, Stream content, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<WriteContentRequest, WriteContentResponse> call = client.Content.Write(cancellationToken);
        byte[] buffer = new byte[ChunkSize];
        try
        {
            await ExchangeAsync(call, new WriteContentRequest { Action = WriteAction.Stat, Ref = reference, Total = blob.Size, Expected = blob.Digest }, cancellationToken).ConfigureAwait(false);
            long offset = 0;
            int count;
            while ((count = await content.ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
            {
                var chunk = new WriteContentRequest
                {
                    Action = WriteAction.Write,
                    Offset = offset,
                    Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)),
                };
                await ExchangeAsync(call, chunk, cancellationToken).ConfigureAwait(false);
                offset += count;
            }

            // The end was read, so the stream has vouched for digest and size; the daemon checks both again.
            await ExchangeAsync(
                call,
                new WriteContentRequest { Action = WriteAction.Commit, Offset = offset, Total = blob.Size, Expected = blob.Digest },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            // Said at the start or at the end: the blob is there. What is left of the input belongs to it all the same.
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }

            await ProtectAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && e.ObjectId is null)
        {
            throw e.About(ObjectKinds.Blob, blob.Digest);
        }

        await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>One message, one answer: that is the daemon's protocol.</summary>
    private static async Task ExchangeAsync(
        AsyncDuplexStreamingCall<WriteContentRequest, WriteContentResponse> call, WriteContentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or ContainerdException)
        {
            // The call has ended; reading says why.
        }

        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            throw new ContainerdException(ContainerdErrorCode.Unavailable, "The daemon ended a write without an answer.") { Reason = "ConnectionLost" };
        }
    }

    /// <summary>Blobs that were there before are added to the lease by hand: only what is written under it is by itself.</summary>
    private Task ProtectAsync(string digest, CancellationToken cancellationToken) =>
        client.Lease is null ? Task.CompletedTask : client.Leases.AddContentAsync(client.Lease, digest, cancellationToken);

    private async Task AbortAsync(string reference)
    {
        using var timeout = new CancellationTokenSource(AbortTimeout);
        try
        {
            await client.Content.AbortAsync(reference, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Not found is the usual case; anything else ends with the lease.
        }
    }
}
