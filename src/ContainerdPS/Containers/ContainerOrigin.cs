using ContainerdPS.Services;

namespace ContainerdPS.Containers;

/// <summary>Finds the image a container was made from.</summary>
internal static class ContainerOrigin
{
    /// <summary>Reads the container again and then the image it names, to the letter.</summary>
    public static async Task<Wire.ImagesV1.Image> ImageAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (container.Image.Length == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has no image: container not created from an image. Set-Container -Image gives it one.") { Reason = "ContainerWithoutImage" };
        }

        return await client.Images.GetAsync(container.Image, cancellationToken).ConfigureAwait(false);
    }
}
