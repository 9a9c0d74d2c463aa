using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>
/// Brings blobs from a registry into the content store. What a failure leaves behind is named and kept as containerd's
/// own clients do it, so that each goes on where another was stopped.
/// </summary>
/// <param name="client">The daemon, under the lease that protects what is received.</param>
/// <param name="repository">Where it comes from.</param>
/// <param name="image">The image as errors call it.</param>
internal sealed class BlobReceiver(NamespaceClient client, RegistryRepository repository, string image)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    // A write under a lease is thrown away with the lease. One without is kept for a day, and then the daemon throws it away.
    private readonly NamespaceClient unleased = new(client.Session, client.Namespace);

    /// <summary>Receives a blob, unless it is there.</summary>
    public async Task ReceiveAsync(OciDescriptor blob, PartProgress progress, CancellationToken cancellationToken)
    {
        if (blob.Size == 0)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The {progress.Label} {blob.Digest} of '{image}' is empty, by its manifest. The image is broken.") { Reason = "InvalidImage" };
        }

        // Before it is there: from the moment of its commit it is under the lease, whoever commits it.
        await client.Leases.AddContentAsync(client.Lease!, blob.Digest, cancellationToken).ConfigureAwait(false);
        bool fresh = false;
        while (true)
        {
            if (await client.Content.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false) is { } found)
            {
                progress.Complete(PartState.Present);
                await client.Content.SetLabelsAsync(blob.Digest, DistributionSource.With(repository.Reference, found.Labels), cancellationToken).ConfigureAwait(false);
                return;
            }

            long start = 0;
            long written = -1;
            try
            {
                ContentWriter writer = await ContentWriter.OpenAsync(unleased, IngestName(blob), blob.Size, blob.Digest, cancellationToken).ConfigureAwait(false);
                await using (writer.ConfigureAwait(false))
                {
                    start = writer.Offset;
                    try
                    {
                        await FillAsync(writer, blob, progress, cancellationToken).ConfigureAwait(false);
                    }
                    finally
                    {
                        written = writer.Offset;
                    }

                    progress.Complete(PartState.Transferred);
                    return;
                }
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
            {
                // Somebody else was faster.
            }
            catch (ContainerdException e) when (PullRemains.IsLocked(e))
            {
                await WaitForOtherAsync(blob, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e)
            {
                ContainerdException named = PullErrors.OfBlob(image, progress.Label, blob, e);
                if (PullErrors.IsSpoiled(named))
                {
                    await ContentWriter.AbortAsync(unleased, IngestName(blob)).ConfigureAwait(false);
                    if (start > 0 && !fresh)
                    {
                        // What was left there from before may have been the bad part.
                        fresh = true;
                        continue;
                    }
                }

                throw named;
            }
            finally
            {
                if (written == 0)
                {
                    // Nothing to go on from.
                    await ContentWriter.AbortAsync(unleased, IngestName(blob)).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The name under which every client of containerd writes a blob.</summary>
    public static string IngestName(OciDescriptor blob)
    {
        string kind = MediaTypes.IsManifest(blob.MediaType) ? "manifest" : MediaTypes.IsIndex(blob.MediaType) ? "index" : MediaTypes.IsLayer(blob.MediaType) || MediaTypes.IsEncryptedLayer(blob.MediaType) ? "layer" : MediaTypes.IsConfig(blob.MediaType) ? "config" : "unknown";
        return $"{kind}-{blob.Digest}";
    }

    private async Task FillAsync(ContentWriter writer, OciDescriptor blob, PartProgress progress, CancellationToken cancellationToken)
    {
        progress.Report(writer.Offset, PartState.Downloading);
        if (writer.Offset > blob.Size)
        {
            throw RegistryErrors.WrongSize("What was received before", $"{writer.Offset}", blob.Size);
        }

        if (writer.Offset < blob.Size)
        {
            RegistryBlobStream source = repository.Blob(blob, writer.Offset);
            await using (source.ConfigureAwait(false))
            {
                await writer.CopyAsync(source, bytes => progress.Report(bytes, PartState.Downloading), cancellationToken).ConfigureAwait(false);
            }
        }

        await writer.CommitAsync(blob.Digest, DistributionSource.With(repository.Reference, null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Another client is receiving the same blob: it may succeed, or leave what it has.</summary>
    private async Task WaitForOtherAsync(OciDescriptor blob, PartProgress progress, CancellationToken cancellationToken)
    {
        if (await unleased.Content.FindIngestAsync(IngestName(blob), cancellationToken).ConfigureAwait(false) is { } other)
        {
            progress.Report(other.Offset, PartState.Downloading);
        }

        await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
    }
}
