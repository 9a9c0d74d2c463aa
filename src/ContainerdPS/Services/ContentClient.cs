using System.Runtime.CompilerServices;
using ContainerdPS.Wire.ContentV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = ContainerdPS.Wire.ContentV1.Status;

namespace ContainerdPS.Services;

/// <summary>containerd.services.content.v1: blobs by digest.</summary>
internal sealed class ContentClient(CallInvoker invoker) : ServiceClient
{
    private readonly Content.ContentClient stub = new(invoker);

    public async Task<Info?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        try
        {
            InfoResponse response = await AskAsync(
                ObjectKinds.Blob, digest, stub.InfoAsync(new InfoRequest { Digest = digest }, Options(cancellationToken))).ConfigureAwait(false);
            return response.Info;
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    public IAsyncEnumerable<ListContentResponse> ListAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var request = new ListContentRequest();
        request.Filters.AddRange(filters);
        return ReadAsync(stub.List(request, Options(cancellationToken)), cancellationToken);
    }

    /// <summary>Sets the labels given and leaves the others alone.</summary>
    public async Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (labels.Count == 0)
        {
            return;
        }

        var request = new UpdateRequest { Info = new Info { Digest = digest }, UpdateMask = new FieldMask() };
        foreach ((string key, string value) in labels)
        {
            request.Info.Labels.Add(key, value);
            request.UpdateMask.Paths.Add("labels." + key);
        }

        await AskAsync(ObjectKinds.Blob, digest, stub.UpdateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string digest, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Blob, digest, stub.DeleteAsync(new DeleteContentRequest { Digest = digest }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>How far a running write is, or null when none runs under that name.</summary>
    public async Task<Status?> FindIngestAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            StatusResponse response = await AskAsync(
                ObjectKinds.Blob, reference, stub.StatusAsync(new StatusRequest { Ref = reference }, Options(cancellationToken))).ConfigureAwait(false);
            return response.Status;
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Gives up a write, and frees what it had written.</summary>
    public async Task AbortAsync(string reference, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Blob, reference, stub.AbortAsync(new AbortRequest { Ref = reference }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Opens the bidirectional stream of a write. Disposing the call before a commit leaves an ingest behind.</summary>
    public AsyncDuplexStreamingCall<WriteContentRequest, WriteContentResponse> Write(CancellationToken cancellationToken) =>
        stub.Write(Options(cancellationToken));

    /// <summary>The bytes of a blob, in chunks of at most 1 MiB.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string digest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using AsyncServerStreamingCall<ReadContentResponse> call = stub.Read(new ReadContentRequest { Digest = digest }, Options(cancellationToken));
        while (true)
        {
            try
            {
                if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (ContainerdException e) when (e.DaemonMessage is not null && e.ObjectId is null)
            {
                throw e.About(ObjectKinds.Blob, digest);
            }

            yield return call.ResponseStream.Current.Data.Memory;
        }
    }

    /// <summary>A whole small blob, such as a manifest.</summary>
    /// <exception cref="ContainerdException">It is larger than <paramref name="limit"/> bytes, or not there.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadWholeAsync(string digest, int limit, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> first = default;
        MemoryStream? rest = null;
        await foreach (ReadOnlyMemory<byte> chunk in ReadAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            if (first.IsEmpty)
            {
                first = chunk;
                continue;
            }

            if (rest is null)
            {
                rest = new MemoryStream();
                rest.Write(first.Span);
            }

            rest.Write(chunk.Span);
            if (rest.Length > limit)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.ResourceExhausted,
                    $"The blob {digest} is larger than {limit / (1024 * 1024)} MiB, too large for what it should be (a manifest, an index or an image's configuration).")
                {
                    ObjectKind = ObjectKinds.Blob,
                    ObjectId = digest,
                };
            }
        }

        return rest is null ? first : rest.GetBuffer().AsMemory(0, (int)rest.Length);
    }
}
