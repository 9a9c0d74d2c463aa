using System.Text.Json;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Registry;

/// <summary>Tells what a document is by what is in it, for registries that do not say.</summary>
internal static class ManifestKind
{
    /// <exception cref="ContainerdException">It is neither a manifest nor an index.</exception>
    public static string Of(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var json = JsonDocument.Parse(document);
            JsonElement root = json.RootElement;
            if (root.TryGetProperty("mediaType", out JsonElement stated) && stated.GetString() is { } mediaType && (MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)))
            {
                return mediaType;
            }

            return root.TryGetProperty("manifests", out _) ? MediaTypes.OciIndex
                : root.TryGetProperty("config", out _) ? MediaTypes.OciManifest
                : root.TryGetProperty("fsLayers", out _) ? throw Invalid("Its manifest is of Docker's schema 1, which is not supported; convert the image to schema 2 or OCI.")
                : throw Invalid("Its manifest is neither a manifest nor an index of an image.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid("Its manifest is not JSON.", e);
        }
    }

    private static ContainerdException Invalid(string message, Exception? inner = null) => new(ContainerdErrorCode.InvalidArgument, message, inner) { Reason = "InvalidImage" };
}
