using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images;

/// <summary>Names that have a digest: nothing but what has that digest may be called so.</summary>
internal static class DigestName
{
    /// <summary>Makes sure that a name fits what it is to refer to.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="target">The digest of the manifest or index.</param>
    /// <exception cref="ContainerdException">The name has another digest.</exception>
    public static void Require(string name, string target)
    {
        if (ImageReference.TryParse(name, out ImageReference? reference) && reference?.Digest is { } digest && digest != target)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{name}' cannot be the name of the image {target}: it has the digest of another. Give a name with a tag, or with the image's own digest.") { Reason = "DigestMismatch" };
        }
    }
}
