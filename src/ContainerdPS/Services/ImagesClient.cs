using ContainerdPS.Mapping;
using ContainerdPS.Wire.ImagesV1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.images.v1: the names of images and what they refer to.</summary>
internal sealed class ImagesClient(NamespaceClient owner, CallInvoker invoker) : ServiceClient
{
    private readonly Wire.ImagesV1.Images.ImagesClient stub = new(invoker);

    /// <summary>The images that one of containerd's own filters matches, or all; asked for in parts where one message cannot hold them.</summary>
    public Task<IReadOnlyList<Image>> ListAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
        ImageParts.ListAsync(filters, ListAtOnceAsync, cancellationToken);

    public async Task<Image> GetAsync(string name, CancellationToken cancellationToken)
    {
        GetImageResponse response = await AskAsync(
            ObjectKinds.Image, name, stub.GetAsync(new GetImageRequest { Name = name }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Image;
    }

    /// <summary>The record, or null when there is none of that name.</summary>
    public async Task<Image?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates the record. It comes last of all, so that what it makes is whole and may stay when the command is stopped meanwhile.</summary>
    public async Task<Image> CreateAsync(Image image, CancellationToken cancellationToken)
    {
        CreateImageResponse response = await Shielded.RunAsync(
            token => AskAsync(ObjectKinds.Image, image.Name, stub.CreateAsync(new CreateImageRequest { Image = image }, Options(token))), cancellationToken).ConfigureAwait(false);
        return response.Image;
    }

    /// <summary>Changes what the mask names (<c>target</c>, <c>labels</c>, <c>labels.KEY</c>), and nothing else; an empty value deletes its label.</summary>
    public async Task<Image> UpdateAsync(Image image, IReadOnlyCollection<string> mask, CancellationToken cancellationToken)
    {
        // An empty mask would replace the whole record.
        ArgumentOutOfRangeException.ThrowIfZero(mask.Count);

        // A daemon of 1.7 or later dies of an image without a target, also where the mask does not name it.
        image.Target ??= new Wire.Types.ContentDescriptor();
        var request = new UpdateImageRequest { Image = image, UpdateMask = new FieldMask() };
        request.UpdateMask.Paths.AddRange(mask);
        UpdateImageResponse response = await Shielded.RunAsync(
            token => AskAsync(ObjectKinds.Image, image.Name, stub.UpdateAsync(request, Options(token))), cancellationToken).ConfigureAwait(false);
        return response.Image;
    }

    /// <summary>Creates the record, or points an existing one of that name at the new target with the new labels.</summary>
    public async Task<Image> CreateOrUpdateAsync(Image image, CancellationToken cancellationToken)
    {
        try
        {
            return await CreateAsync(image, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            return await UpdateAsync(image, ["target", .. image.Labels.Keys.Select(static key => "labels." + key)], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the name; with <paramref name="synchronous"/> it waits until what only this name kept is collected.</summary>
    public async Task DeleteAsync(string name, bool synchronous, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Image, name, stub.DeleteAsync(new DeleteImageRequest { Name = name, Sync = synchronous }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Gives the model of a record, with what its content says of it where that was read, and the ids of its containers.</summary>
    public ContainerImage ToModel(Image image, Images.ImageContents? contents, IReadOnlyList<string> containers) => ImageMapping.ToModel(owner, image, contents, containers);

    private async Task<IReadOnlyList<Image>> ListAtOnceAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var request = new ListImagesRequest();
        request.Filters.AddRange(filters);
        ListImagesResponse response = await stub.ListAsync(request, Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Images;
    }
}
