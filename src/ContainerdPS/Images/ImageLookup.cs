using System.Text.RegularExpressions;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>
/// Finds an image by what users write: its name to the letter, else the full form of a short one, else its digest or the
/// beginning of that which lists show.
/// </summary>
internal static partial class ImageLookup
{
    /// <summary>The one image that is meant.</summary>
    /// <exception cref="ContainerdException">There is none, or it is a digest that several names have.</exception>
    public static async Task<Wire.ImagesV1.Image> GetAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ImagesV1.Image> found = await FindAsync(client, name, cancellationToken).ConfigureAwait(false);
        return found is [var only] ? only : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"'{name}' is the digest of more than one image: {string.Join(", ", found.Select(static image => image.Name).Order(StringComparer.Ordinal).Take(10))}. Give one of the names.")
        {
            Reason = "AmbiguousName",
            ObjectKind = ObjectKinds.Image,
            ObjectId = name,
        };
    }

    /// <summary>What is meant: one image by a name, and all that have a digest.</summary>
    /// <exception cref="ContainerdException">There is none.</exception>
    public static async Task<IReadOnlyList<Wire.ImagesV1.Image>> FindAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
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
            try
            {
                return [await client.Images.GetAsync(name, cancellationToken).ConfigureAwait(false)];
            }
            catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument && full is not null && full != name)
            {
                // The error names the full form: that is what another namespace would have.
                return [await client.Images.GetAsync(full, cancellationToken).ConfigureAwait(false)];
            }
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument && DigestPattern().IsMatch(name))
        {
            string begin = name.StartsWith("sha256:", StringComparison.Ordinal) ? name : "sha256:" + name;
            IReadOnlyList<Wire.ImagesV1.Image> found = await client.Images.ListAsync([$"target.digest~=\"^{begin}\""], cancellationToken).ConfigureAwait(false);
            return found.Count > 0 ? found : throw new ContainerdException(
                ContainerdErrorCode.NotFound, $"There is no image of the name or the digest '{name}' in namespace '{client.Namespace}' on '{client.Session.Address}'. Get-ContainerImage lists those there are.", e)
            {
                Reason = "ImageNotFound",
                ObjectKind = ObjectKinds.Image,
                ObjectId = name,
            };
        }
    }

    /// <summary>A digest, or the twelve and more digits of it that a list shows.</summary>
    [GeneratedRegex("^(sha256:[0-9a-f]{7,64}|[0-9a-f]{12,64})$", RegexOptions.CultureInvariant)]
    private static partial Regex DigestPattern();
}
