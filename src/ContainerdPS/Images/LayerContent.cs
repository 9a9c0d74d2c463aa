using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Tells layers from other blobs by their first bytes, where their media type does not.</summary>
internal static class LayerContent
{
    /// <summary>Refuses a blob that is no layer. What is said to be an encrypted one is the daemon's to decide.</summary>
    /// <param name="client">Where.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="mediaType">What it is said to be; null where that is not known.</param>
    /// <param name="place">What follows its digest in an error, such as <c> of the image 'a'</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ContainerdException">NotALayer.</exception>
    public static async Task RequireAsync(NamespaceClient client, string digest, string? mediaType, string place, CancellationToken cancellationToken)
    {
        if (MediaTypes.IsLayer(mediaType) || MediaTypes.IsEncryptedLayer(mediaType))
        {
            return;
        }

        var content = new ContentStream(client, digest);
        await using (content.ConfigureAwait(false))
        {
            (LayerCompression compression, Stream peeked) = await Decompression.PeekAsync(content, cancellationToken).ConfigureAwait(false);
            if (compression == LayerCompression.Unknown)
            {
                throw NoLayer(digest, mediaType, place, "it is compressed with bzip2 or xz, and layers are plain or compressed with gzip or zstd");
            }

            try
            {
                Stream plain = Decompression.Open(peeked, compression, digest);
                await using (plain.ConfigureAwait(false))
                {
                    using var tar = new TarStreamReader(plain, digest);
                    _ = await tar.ReadNextAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (ContainerdException e) when (e.DaemonMessage is null && e.Code is ContainerdErrorCode.InvalidArgument or ContainerdErrorCode.DataLoss)
            {
                throw NoLayer(digest, mediaType, place, "its content is no tar archive, neither plain nor compressed", e);
            }
        }
    }

    /// <summary>The error about a blob that is no layer.</summary>
    public static ContainerdException NoLayer(string digest, string? mediaType, string place, string? why, Exception? inner = null)
    {
        string?[] reasons = [mediaType is null ? null : $"it is of the type '{mediaType}'", why];
        return new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The blob {digest}{place} is no layer: {string.Join(", and ", reasons.OfType<string>())}.", inner)
        {
            Reason = "NotALayer",
            ObjectKind = ObjectKinds.Blob,
            ObjectId = digest,
        };
    }
}
