using ContainerdPS.Images.Progress;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>
/// Receives an image with our own hands: documents and layers into the content store, each layer unpacked as soon as it
/// and those below it are there, and only then the name.
/// </summary>
internal sealed class LocalPull(NamespaceClient client, PullRequest request, RegistryWork work, ImageProgress progress)
{
    public async Task<ContainerImage> RunAsync(CancellationToken cancellationToken)
    {
        using RegistryRepository repository = await RegistryRepository.OpenAsync(request.Reference, work.Settings, work.Connections, cancellationToken).ConfigureAwait(false);
        OciDescriptor target = await repository.ResolveAsync(cancellationToken).ConfigureAwait(false);
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                progress.Stage = "receiving";
                IReadOnlyList<ReceivedManifest> manifests = await new DocumentReceiver(lease.Client, repository, request).ReceiveAsync(target, cancellationToken).ConfigureAwait(false);
                await ReceiveLayersAsync(lease.Client, repository, manifests, cancellationToken).ConfigureAwait(false);
                progress.Stage = "naming";
                return await ImageNaming.SetAsync(client, request, target, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (FullDisk.Is(e))
            {
                // What was received so far is of no use on a full disk. After another failure it is kept for the next try,
                // until the daemon collects what nothing refers to.
                await PullRemains.DropAsync(client, progress).ConfigureAwait(false);
                lease.CollectAtEnd();
                throw;
            }
            catch
            {
                await PullRemains.DropEmptyAsync(client, progress).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task ReceiveLayersAsync(NamespaceClient leased, RegistryRepository repository, IReadOnlyList<ReceivedManifest> manifests, CancellationToken cancellationToken)
    {
        var receiver = new BlobReceiver(leased, repository, request.Name);
        var arrivals = new Arrivals();
        var pieces = new List<Func<CancellationToken, Task>>();
        foreach (OciDescriptor blob in manifests.SelectMany(BlobsOf))
        {
            if (!arrivals.TryExpect(blob.Digest))
            {
                continue;
            }

            PartProgress part = progress.Part(blob.Digest, PartLabels.Of(blob.Digest, manifests)!, blob.Size);
            pieces.Add(async token =>
            {
                await work.WithBlobAsync($"{client.Session.Address}\n{client.Namespace}", blob.Digest, () => receiver.ReceiveAsync(blob, part, token), token).ConfigureAwait(false);
                arrivals.Arrived(blob.Digest);
            });
        }

        if (!request.NoUnpack)
        {
            pieces.Add(token => UnpackAsync(leased, manifests, arrivals, token));
        }

        await Together.RunAsync(pieces, cancellationToken).ConfigureAwait(false);
    }

    private async Task UnpackAsync(NamespaceClient leased, IReadOnlyList<ReceivedManifest> manifests, Arrivals arrivals, CancellationToken cancellationToken)
    {
        var unpacking = new PullUnpacking(leased, request, progress);
        foreach (ReceivedManifest manifest in unpacking.Wanted(manifests))
        {
            await unpacking.RunAsync(manifest, digest => arrivals.OfAsync(digest, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The blobs of a manifest beside its documents.</summary>
    private static IEnumerable<OciDescriptor> BlobsOf(ReceivedManifest manifest) =>
        manifest.Config is null && manifest.Manifest.Config is { } other ? manifest.Layers.Prepend(other) : manifest.Layers;
}
