using System.Security.Cryptography;
using ContainerdPS.Images;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Services;

namespace ContainerdPS.Contents;

/// <summary>Puts files into the content store, with constant memory, and goes on with what broke off.</summary>
internal static class ContentImport
{
    /// <summary>A blob that was there may be collected before it is labelled; then it is written after all.</summary>
    private const int MostAttempts = 3;

    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(10);

    /// <summary>Imports one blob. A failure leaves nothing, unless the write has a name to go on under.</summary>
    /// <param name="client">Where to; a lease of it protects the blob.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ContainerdContent> RunAsync(NamespaceClient client, ContentImportRequest request, CancellationToken cancellationToken) => Interruption.NamedAsync(
        $"{request.Source.Title} cannot be imported{(request.Digest is null ? string.Empty : $" as the blob {request.Digest}")}", null, () => ImportAsync(client, request, cancellationToken));

    private static async Task<ContainerdContent> ImportAsync(NamespaceClient client, ContentImportRequest request, CancellationToken cancellationToken)
    {
        string reference = request.Reference ?? $"containerdps-import-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}";
        Stream stream = await request.Source.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            for (int attempt = 1; ; attempt++)
            {
                bool done = false;
                try
                {
                    (string digest, bool existed) = await SendAsync(client, reference, stream, request, cancellationToken).ConfigureAwait(false);
                    done = !existed;
                    return await FinishAsync(client, digest, existed, request, cancellationToken).ConfigureAwait(false);
                }
                catch (ContainerdException e) when (e is { Code: ContainerdErrorCode.NotFound, ObjectKind: ObjectKinds.Blob } && attempt < MostAttempts && stream.CanSeek)
                {
                    stream.Position = 0;
                }
                finally
                {
                    if (!done && request.Reference is null)
                    {
                        await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
                    }
                }
            }
        }
    }

    /// <summary>Sends what the daemon does not have.</summary>
    /// <returns>The digest, and whether the blob was there before.</returns>
    private static async Task<(string Digest, bool Existed)> SendAsync(
        NamespaceClient client, string reference, Stream stream, ContentImportRequest request, CancellationToken cancellationToken)
    {
        long? length = stream.CanSeek ? stream.Length : null;
        using var content = new DigestingStream(stream);
        if (request.Reference is not null)
        {
            await PrepareAsync(client, reference, length, request.Restart, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            ContentWriter writer = await ContentWriter.OpenAsync(client, reference, length ?? 0, request.Digest ?? string.Empty, cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                await PassWrittenAsync(content, writer, reference, request, cancellationToken).ConfigureAwait(false);
                await writer.CopyAsync(content, written => request.Progress?.Invoke(written, length), cancellationToken).ConfigureAwait(false);
                await RefuseOtherAsync(content.Digest, request, client, reference).ConfigureAwait(false);
                await writer.CommitAsync(content.Digest, request.Labels, cancellationToken).ConfigureAwait(false);
                return (content.Digest, false);
            }
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            await RefuseOtherAsync(content.Digest, request, client, reference).ConfigureAwait(false);
            return (content.Digest, true);
        }
        catch (ContainerdException e) when (e.DaemonMessage?.Contains("locked", StringComparison.Ordinal) == true)
        {
            // Said as unavailable, as a broken connection is.
            throw new ContainerdException(
                ContainerdErrorCode.Aborted,
                $"Somebody else is writing under the reference '{reference}' just now. Wait for that write to end, or give another -Reference.",
                e) { Reason = "IngestBusy", ObjectKind = ObjectKinds.Ingest, ObjectId = reference };
        }
    }

    /// <summary>Looks at what is there under the name before anything is written: the daemon would take a write of another size for this one.</summary>
    private static async Task PrepareAsync(NamespaceClient client, string reference, long? length, bool restart, CancellationToken cancellationToken)
    {
        if (restart)
        {
            await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
            return;
        }

        if (length is { } known
            && await client.Content.FindIngestAsync(reference, cancellationToken).ConfigureAwait(false) is { } there
            && ((there.Total > 0 && there.Total != known) || there.Offset > known))
        {
            throw Mismatch(reference, $"it is a write of {(there.Total > 0 ? there.Total : there.Offset)} bytes, and this is one of {known}");
        }
    }

    /// <summary>Reads over what the daemon has already, and makes sure that it is the beginning of this.</summary>
    private static async Task PassWrittenAsync(DigestingStream content, ContentWriter writer, string reference, ContentImportRequest request, CancellationToken cancellationToken)
    {
        if (writer.Offset == 0)
        {
            return;
        }

        byte[] buffer = new byte[ContentWriter.ChunkSize];
        while (content.Count < writer.Offset)
        {
            int count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, writer.Offset - content.Count)), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }
        }

        if (content.Count != writer.Offset || content.Digest != writer.OpenedDigest)
        {
            throw Mismatch(reference, $"the {writer.Offset} bytes written under it are not the beginning of {request.Source.Name}");
        }
    }

    private static async Task RefuseOtherAsync(string actual, ContentImportRequest request, NamespaceClient client, string reference)
    {
        if (request.Digest is null || request.Digest == actual)
        {
            return;
        }

        // What was written is whole and wrong: there is nothing in it to go on with.
        await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
        throw new ContainerdException(
            ContainerdErrorCode.DataLoss,
            $"{request.Source.Title} has the digest {actual}, not {request.Digest}. Nothing was imported: it is another file, or it was damaged on its way.")
        {
            Reason = "WrongDigest",
            ObjectKind = ObjectKinds.Blob,
            ObjectId = request.Digest,
        };
    }

    private static async Task<ContainerdContent> FinishAsync(NamespaceClient client, string digest, bool existed, ContentImportRequest request, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return client.Content.ToModel(existed
                ? await client.Content.SetLabelsAsync(digest, request.Labels, cancellationToken).ConfigureAwait(false)
                : await client.Content.GetAsync(digest, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!existed)
        {
            await TakeBackAsync(client, digest, request).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Leaves the blob to the garbage collection: somebody else may have come to need it meanwhile.</summary>
    private static async Task TakeBackAsync(NamespaceClient client, string digest, ContentImportRequest request)
    {
        using var limit = new CancellationTokenSource(TakeBackLimit);
        try
        {
            var none = request.Labels.Keys.ToDictionary(static key => key, static _ => string.Empty, StringComparer.Ordinal);
            await client.Content.SetLabelsAsync(digest, none, limit.Token).ConfigureAwait(false);
            if (client.Lease is { } lease)
            {
                await client.Leases.RemoveResourceAsync(lease, new Wire.LeasesV1.Resource { Id = digest, Type = "content" }, limit.Token).ConfigureAwait(false);
            }

            await LeaseScope.CollectAsync(client, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // It is gone, or the daemon is; the command was stopped and nobody listens.
        }
    }

    private static ContainerdException Mismatch(string reference, string why) => new(
        ContainerdErrorCode.FailedPrecondition,
        $"The write '{reference}' cannot be gone on with: {why}. -Restart begins anew under that name; Remove-ContainerdIngest drops what is there.")
    {
        Reason = "IngestMismatch",
        ObjectKind = ObjectKinds.Ingest,
        ObjectId = reference,
    };
}
