using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Finds an image by what users write: its name to the letter, else the full form of a short one.</summary>
internal static class ImageLookup
{
    public static async Task<Wire.ImagesV1.Image> GetAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
    {
        string? full = ImageReference.TryParse(name, out ImageReference? reference) && reference is not null ? reference.ToString() : null;
        try
        {
            return await client.Images.GetAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument && full is not null && full != name)
        {
            // The error names the full form: that is what another namespace would have.
            return await client.Images.GetAsync(full, cancellationToken).ConfigureAwait(false);
        }
    }
}
