using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>What a source is used for more than once.</summary>
internal static class BlobSourceExtensions
{
    /// <summary>Sees to it that the sink has a blob that was found before.</summary>
    /// <exception cref="ContainerdException">DataLoss: it has gone, or is another blob.</exception>
    public static async Task RequireAsync(this IBlobSource source, OciDescriptor blob, string archive, CancellationToken cancellationToken)
    {
        long? size = await source.ProvideAsync(blob, cancellationToken).ConfigureAwait(false);
        if (size != blob.Size)
        {
            throw ArchiveError.Damaged(archive, size is null ? $"the blob {blob.Digest} was there and has gone." : ArchiveError.WrongSize(blob, size.Value));
        }
    }
}
