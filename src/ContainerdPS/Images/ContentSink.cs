using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Puts blobs into a daemon's content store. Use it under a lease: nothing refers to the blobs yet.</summary>
internal sealed class ContentSink(NamespaceClient client) : IBlobSink
{
    /// <summary>What is there is protected from now on, or it could be collected before it belongs to an image.</summary>
    public async Task<long?> FindAsync(string digest, CancellationToken cancellationToken)
    {
        if (await client.Content.FindAsync(digest, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        await ProtectAsync(digest, cancellationToken).ConfigureAwait(false);
        return (await client.Content.FindAsync(digest, cancellationToken).ConfigureAwait(false))?.Size;
    }

    public async Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) =>
        new MemoryStream((await client.Content.ReadWholeAsync(digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false)).ToArray(), writable: false);

    public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        client.Content.SetLabelsAsync(digest, labels, cancellationToken);

    public Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken) => Interruption.NamedAsync(
        $"The {(MediaTypes.IsLayer(blob.MediaType) ? "layer" : "blob")} {blob.Digest} cannot be stored", null, () => StoreAsync(blob, content, cancellationToken));

    private async Task StoreAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
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
                await ContentWriter.AbortAsync(client, reference).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> SendAsync(string reference, OciDescriptor blob, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            ContentWriter writer = await ContentWriter.OpenAsync(client, reference, blob.Size, blob.Digest, cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                // Another namespace may have the blob, and the daemon then all of its bytes. The stream vouches for digest
                // and size at its end, and the daemon checks both again.
                Func<Task> send = writer.Offset == blob.Size
                    ? () => content.CopyToAsync(Stream.Null, cancellationToken)
                    : () => writer.CopyAsync(content, null, cancellationToken);
                await send().ConfigureAwait(false);
                await writer.CommitAsync(blob.Digest, null, cancellationToken).ConfigureAwait(false);
                return true;
            }
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            // Said at the start or at the end: the blob is there. What is left of the input belongs to it all the same.
            await content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            await ProtectAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (ContainerdException e) when (e.ObjectKind == ObjectKinds.Ingest)
        {
            throw e.About(ObjectKinds.Blob, blob.Digest);
        }
    }

    /// <summary>Blobs that were there before are added to the lease by hand: only what is written under it is by itself.</summary>
    private Task ProtectAsync(string digest, CancellationToken cancellationToken) =>
        client.Lease is null ? Task.CompletedTask : client.Leases.AddContentAsync(client.Lease, digest, cancellationToken);
}
