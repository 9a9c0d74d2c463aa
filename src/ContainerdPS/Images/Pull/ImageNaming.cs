using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>The record of a received image: the last thing made, and the first to be taken back.</summary>
internal static class ImageNaming
{
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(10);

    /// <summary>Points the name at what was received. Labels that are not given stay as they are.</summary>
    public static async Task<ContainerImage> SetAsync(NamespaceClient client, PullRequest request, OciDescriptor target, CancellationToken cancellationToken)
    {
        var record = new Wire.ImagesV1.Image { Name = request.Name, Target = DescriptorMapping.ToWire(target) };
        foreach ((string key, string value) in request.Labels)
        {
            record.Labels.Add(key, value);
        }

        Wire.ImagesV1.Image named = await client.Images.CreateOrUpdateAsync(record, cancellationToken).ConfigureAwait(false);
        return await ModelAsync(client, named, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The record of a name; null when there is none.</summary>
    public static async Task<Wire.ImagesV1.Image?> FindAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Images.GetAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Has a name mean what it meant before, or nothing. It does not throw: there is another error to tell.</summary>
    public static async Task RestoreAsync(NamespaceClient client, string name, Wire.ImagesV1.Image? before)
    {
        using var limit = new CancellationTokenSource(RestoreLimit);
        try
        {
            await (before is null
                ? client.Images.DeleteAsync(name, synchronous: false, limit.Token)
                : client.Images.CreateOrUpdateAsync(before, limit.Token)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // The daemon is gone, or the name is.
        }
    }

    /// <summary>What users get of a record.</summary>
    public static Task<ContainerImage> ModelAsync(NamespaceClient client, Wire.ImagesV1.Image record, CancellationToken cancellationToken) =>
        new ImageSurvey(client).ReadAsync(record, cancellationToken);
}
