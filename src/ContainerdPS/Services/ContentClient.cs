using System.Runtime.CompilerServices;
using ContainerdPS.Mapping;
using ContainerdPS.Oci.Image;
using ContainerdPS.Wire.ContentV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = ContainerdPS.Wire.ContentV1.Status;

namespace ContainerdPS.Services;

/// <summary>containerd.services.content.v1: blobs by digest.</summary>
internal sealed class ContentClient(NamespaceClient owner, CallInvoker invoker) : ServiceClient
{
    private readonly Content.ContentClient stub = new(invoker);

    public async Task<Info> GetAsync(string digest, CancellationToken cancellationToken)
    {
        InfoResponse response = await AskAsync(
            ObjectKinds.Blob, digest, stub.InfoAsync(new InfoRequest { Digest = digest }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Info;
    }

    public async Task<Info?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(digest, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Lists blobs as they arrive. The filters are containerd's own; one has to match.</summary>
    public async IAsyncEnumerable<Info> ListAsync(IReadOnlyList<string> filters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListContentRequest();
        request.Filters.AddRange(filters);
        await foreach (ListContentResponse part in ReadAsync(stub.List(request, Options(cancellationToken)), cancellationToken).ConfigureAwait(false))
        {
            foreach (Info blob in part.Info)
            {
                yield return blob;
            }
        }
    }

    /// <summary>Sets the labels given and leaves the others alone; an empty value removes its label.</summary>
    public async Task<Info> SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (labels.Count == 0)
        {
            return await GetAsync(digest, cancellationToken).ConfigureAwait(false);
        }

        var request = new UpdateRequest { Info = new Info { Digest = digest }, UpdateMask = new FieldMask() };
        foreach ((string key, string value) in labels)
        {
            request.Info.Labels.Add(key, value);
            request.UpdateMask.Paths.Add("labels." + key);
        }

        UpdateResponse response = await AskAsync(ObjectKinds.Blob, digest, stub.UpdateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return response.Info;
    }

    public async Task DeleteAsync(string digest, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Blob, digest, stub.DeleteAsync(new DeleteContentRequest { Digest = digest }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Writes that have not ended. The filters are containerd's own, over <c>ref</c>.</summary>
    public async Task<IReadOnlyList<Status>> StatusesAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var request = new ListStatusesRequest();
        request.Filters.AddRange(filters);
        ListStatusesResponse response = await stub.ListStatusesAsync(request, Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Statuses;
    }

    /// <summary>How far a running write is.</summary>
    public async Task<Status> StatusAsync(string reference, CancellationToken cancellationToken)
    {
        StatusResponse response = await AskAsync(
            ObjectKinds.Ingest, reference, stub.StatusAsync(new StatusRequest { Ref = reference }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Status;
    }

    /// <summary>How far a running write is, or null when none runs under that name.</summary>
    public async Task<Status?> FindIngestAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await StatusAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Gives up a write, and frees what it had written.</summary>
    public async Task AbortAsync(string reference, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Ingest, reference, stub.AbortAsync(new AbortRequest { Ref = reference }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Opens the bidirectional stream of a write. Disposing the call before a commit leaves an ingest behind.</summary>
    public AsyncDuplexStreamingCall<WriteContentRequest, WriteContentResponse> Write(CancellationToken cancellationToken) =>
        stub.Write(Options(cancellationToken));

    /// <summary>The bytes of a blob, in chunks of at most 1 MiB.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string digest, CancellationToken cancellationToken) => ReadAsync(digest, 0, cancellationToken);

    /// <summary>The bytes of a blob from an offset on, in chunks of at most 1 MiB.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string digest, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using AsyncServerStreamingCall<ReadContentResponse> call = stub.Read(new ReadContentRequest { Digest = digest, Offset = offset }, Options(cancellationToken));
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

    /// <summary>Gives the model of a blob.</summary>
    public ContainerdContent ToModel(Info info, string? mediaType = null) => ContentMapping.ToModel(owner, info, mediaType);

    /// <summary>Gives the model of a write that has not ended.</summary>
    public ContainerdIngest ToModel(Status status) => ContentMapping.ToModel(owner, status);

    /// <summary>A manifest, an index or a configuration, with the digest it is to have: what is damaged must not be taken for what it says.</summary>
    /// <exception cref="ContainerdException">It is larger than <paramref name="limit"/> bytes, not there, or damaged.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadDocumentAsync(string digest, int limit, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> document = await ReadWholeAsync(digest, limit, cancellationToken).ConfigureAwait(false);
        return !Digest.TryParse(digest, out Digest stated) || stated.Matches(document.Span) ? document : throw new ContainerdException(
            ContainerdErrorCode.DataLoss,
            $"The blob {digest} is damaged in the daemon's content store: what it holds has another digest. Remove it with Remove-ContainerdContent -Force, and receive or import its image again.")
        {
            Reason = "DamagedContent",
            ObjectKind = ObjectKinds.Blob,
            ObjectId = digest,
        };
    }

    /// <summary>A whole small blob as it is.</summary>
    /// <exception cref="ContainerdException">It is larger than <paramref name="limit"/> bytes, or not there.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadWholeAsync(string digest, int limit, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> first = default;
        MemoryStream? rest = null;
        await foreach (ReadOnlyMemory<byte> chunk in ReadAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            if (first.IsEmpty && chunk.Length <= limit)
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
