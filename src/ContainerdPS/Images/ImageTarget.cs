using System.Text.Json;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images;

/// <summary>Finds what a name of an image may refer to: what another image's refers to, or a blob by its digest.</summary>
internal static class ImageTarget
{
    public static async Task<OciDescriptor> FindAsync(NamespaceClient client, string text, CancellationToken cancellationToken)
    {
        if (!Digest.IsValid(text))
        {
            return DescriptorMapping.FromWire((await ImageLookup.GetAsync(client, text, cancellationToken).ConfigureAwait(false)).Target);
        }

        Info blob = await client.Content.FindAsync(text, cancellationToken).ConfigureAwait(false)
            ?? throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"There is no blob {text} in namespace '{client.Namespace}' on '{client.Session.Address}', so no image can refer to it.") { Reason = "BlobNotFound", ObjectKind = ObjectKinds.Blob, ObjectId = text };
        ReadOnlyMemory<byte> json = blob.Size <= ImageReader.DocumentLimit
            ? await client.Content.ReadDocumentAsync(text, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false)
            : default;
        return new OciDescriptor { MediaType = MediaType(json.Span) ?? throw NoImage(text), Digest = text, Size = blob.Size };
    }

    /// <summary>What kind of document it is; null when it is neither a manifest nor an index.</summary>
    private static string? MediaType(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("manifests", out _)
                ? ImageJson.ParseIndex(json).MediaType ?? MediaTypes.OciIndex
                : ManifestType(ImageJson.ParseManifest(json));
        }
        catch (Exception e) when (e is JsonException or ContainerdException)
        {
            return null;
        }
    }

    private static string ManifestType(ImageManifest manifest) =>
        manifest.MediaType ?? (manifest.Config?.MediaType == MediaTypes.DockerConfig ? MediaTypes.DockerManifest : MediaTypes.OciManifest);

    private static ContainerdException NoImage(string digest) => new(
        ContainerdErrorCode.InvalidArgument,
        $"The blob {digest} is neither an image's manifest nor an index of them, so no image can refer to it.") { Reason = "InvalidImageTarget", ObjectKind = ObjectKinds.Blob, ObjectId = digest };
}
