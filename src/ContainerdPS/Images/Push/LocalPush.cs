using ContainerdPS.Images.Progress;
using ContainerdPS.Registry;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Push;

/// <summary>Sends an image with our own hands: blobs side by side, then manifests, then what lists them, then the name.</summary>
internal sealed class LocalPush(NamespaceClient client, PushRequest request, PushPlan plan, RegistryWork work, ImageProgress progress)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using RegistryRepository repository = await RegistryRepository.OpenAsync(request.Reference, work.Settings, work.Connections, cancellationToken).ConfigureAwait(false);
        var push = new RegistryPush(repository);
        progress.Stage = "sending";
        await Together.RunAsync(
            plan.Blobs.Select<PushPart, Func<CancellationToken, Task>>(part => token => work.WithBlobAsync($"{push.Host.Origin}\n{request.Reference.Path}", part.Descriptor.Digest, () => BlobAsync(push, part, token), token)),
            cancellationToken).ConfigureAwait(false);
        progress.Stage = "naming";
        foreach (PushPart document in plan.Documents)
        {
            await DocumentAsync(push, document, document == plan.Documents[^1], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BlobAsync(RegistryPush push, PushPart part, CancellationToken cancellationToken)
    {
        PartProgress state = progress.Part(part.Descriptor.Digest, part.Label, part.Descriptor.Size);
        try
        {
            var upload = new BlobUpload(
                push, part.Descriptor, offset => new ContentStream(client, part.Descriptor.Digest, offset), gone => state.Report(gone, PartState.Uploading));
            state.Complete(await upload.RunAsync(part.Source, cancellationToken).ConfigureAwait(false) switch
            {
                UploadOutcome.Present => PartState.Present,
                UploadOutcome.Mounted => PartState.Mounted,
                _ => PartState.Transferred,
            });
        }
        catch (ContainerdException e)
        {
            throw PushErrors.OfPart(request, part, e);
        }
    }

    private async Task DocumentAsync(RegistryPush push, PushPart part, bool isLast, CancellationToken cancellationToken)
    {
        PartProgress state = progress.Part(part.Descriptor.Digest, part.Label, part.Descriptor.Size);
        try
        {
            string name = (isLast ? request.Reference.Tag : null) ?? part.Descriptor.Digest;
            bool isThere = await push.HasManifestAsync(name, part.Descriptor, cancellationToken).ConfigureAwait(false);
            if (!isThere)
            {
                await push.PutManifestAsync(name, part.Descriptor, part.Document, cancellationToken).ConfigureAwait(false);
            }

            state.Complete(isThere ? PartState.Present : PartState.Transferred);
        }
        catch (ContainerdException e)
        {
            throw PushErrors.OfPart(request, part, e);
        }
    }
}
