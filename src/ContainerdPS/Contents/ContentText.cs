using System.Text;
using ContainerdPS.Services;

namespace ContainerdPS.Contents;

/// <summary>Reads blobs that are text: manifests, indexes, configurations.</summary>
internal static class ContentText
{
    private const int Limit = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<string> ReadAsync(NamespaceClient client, ContainerdContent blob, CancellationToken cancellationToken)
    {
        if (blob.Size > Limit)
        {
            throw Unfit(blob, "ContentTooLarge", ContainerdErrorCode.ResourceExhausted, $"has {Formatting.Size(blob.Size)}, too many for one text of at most {Formatting.Size(Limit)}");
        }

        ReadOnlyMemory<byte> bytes = await client.Content.ReadWholeAsync(blob.Digest, Limit, cancellationToken).ConfigureAwait(false);
        try
        {
            return Strict.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Unfit(blob, "ContentNotText", ContainerdErrorCode.InvalidArgument, "is not text in UTF-8");
        }
    }

    private static ContainerdException Unfit(ContainerdContent blob, string reason, ContainerdErrorCode code, string why) =>
        new(code, $"The blob {blob.Digest} {why}. Export-ContainerdContent writes it to a file; -AsByteStream gives its bytes.")
        {
            Reason = reason,
            ObjectKind = ObjectKinds.Blob,
            ObjectId = blob.Digest,
        };
}
