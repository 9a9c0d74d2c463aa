using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Finds an image by what users write: its name to the letter, else the full form of a short one.</summary>
internal static class ImageLookup
{
    public static async Task<Wire.ImagesV1.Image> GetAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || name.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            // No image has such a name, and the usual reason is a pattern.
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{name}' cannot be the name of an image{(name.Length == 0 ? ": it is empty" : ". Wildcards are for reading; pipe what Get-ContainerImage finds")}.") { Reason = "InvalidImageName", ObjectKind = ObjectKinds.Image, ObjectId = name };
        }

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
