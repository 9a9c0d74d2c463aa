using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>What a sink is used for more than once.</summary>
internal static class BlobSinkExtensions
{
    /// <summary>Writes a document that was made here.</summary>
    public static async Task<OciDescriptor> WriteDocumentAsync(this IBlobSink sink, string mediaType, byte[] document, CancellationToken cancellationToken)
    {
        OciDescriptor descriptor = new() { MediaType = mediaType, Digest = Digest.Compute(document).ToString(), Size = document.Length };
        using MemoryStream content = new(document, writable: false);
        await sink.WriteAsync(descriptor, content, cancellationToken).ConfigureAwait(false);
        return descriptor;
    }
}
