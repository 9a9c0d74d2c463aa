using System.Text.Json.Serialization.Metadata;

namespace ContainerdPS.Oci.Image;

/// <summary>
/// Image documents from and to UTF-8 JSON. What comes from a registry or an archive is not trusted: a document that
/// is read has the parts its kind needs, its digests are well-formed and its sizes are not negative.
/// </summary>
internal static class ImageJson
{
    private static ImageJsonContext Context => ImageJsonContext.Default;

    public static ImageDocument ParseDocument(ReadOnlySpan<byte> json)
    {
        ImageDocument document = OciJson.Read(json, Context.ImageDocument, "image configuration");
        foreach (string diffId in document.RootFs?.DiffIds ?? [])
        {
            if (!Digest.IsValid(diffId))
            {
                throw Invalid($"The image configuration has the layer '{diffId}', which is not a digest.");
            }
        }

        return document;
    }

    public static ImageManifest ParseManifest(ReadOnlySpan<byte> json)
    {
        ImageManifest manifest = OciJson.Read(json, Context.ImageManifest, "image manifest");
        // One digest must not be a manifest to one reader and an index to another.
        if (manifest.ExtensionData?.ContainsKey("manifests") == true || MediaTypes.IsIndex(manifest.MediaType))
        {
            throw Invalid("The image manifest also claims to be an index (it has 'manifests' or an index's media type); such a document is refused.");
        }

        if (manifest.ExtensionData?.ContainsKey("fsLayers") == true || manifest.SchemaVersion == 1)
        {
            throw Invalid("The image manifest is of Docker's schema 1, which is not supported; convert the image to schema 2 or OCI.");
        }

        if (manifest.Config is null || manifest.Layers is null)
        {
            throw Invalid("The image manifest has no 'config' or no 'layers'.");
        }

        Check(manifest.Config, "configuration");
        foreach (OciDescriptor layer in manifest.Layers)
        {
            Check(layer, "layer");
        }

        return manifest;
    }

    public static ImageIndex ParseIndex(ReadOnlySpan<byte> json)
    {
        ImageIndex index = OciJson.Read(json, Context.ImageIndex, "image index");
        if (index.ExtensionData is { } extra && (extra.ContainsKey("config") || extra.ContainsKey("layers") || extra.ContainsKey("fsLayers"))
            || MediaTypes.IsManifest(index.MediaType))
        {
            throw Invalid("The image index also claims to be a manifest (it has 'config', 'layers' or a manifest's media type); such a document is refused.");
        }

        if (index.Manifests is null)
        {
            // Containerd's own client makes checkpoints of no parts, and writes null for their list.
            return CheckpointIndex.Is(index) ? index with { Manifests = [] } : throw Invalid("The image index has no 'manifests'.");
        }

        foreach (OciDescriptor manifest in index.Manifests)
        {
            Check(manifest, "manifest");
        }

        return index;
    }

    public static byte[] Serialize(ImageDocument document) => Write(document, Context.ImageDocument);

    public static byte[] Serialize(ImageManifest manifest) => Write(manifest, Context.ImageManifest);

    public static byte[] Serialize(ImageIndex index) => Write(index, Context.ImageIndex);

    public static byte[] Serialize(OciDescriptor descriptor) => Write(descriptor, Context.OciDescriptor);

    private static byte[] Write<T>(T value, JsonTypeInfo<T> type)
        where T : class => OciJson.Write(value, type, indented: false).ToArray();

    private static void Check(OciDescriptor? descriptor, string what)
    {
        if (descriptor is null || !Digest.IsValid(descriptor.Digest) || descriptor.Size < 0)
        {
            throw Invalid($"The {what} '{descriptor?.Digest}' of an image has a digest or a size ({descriptor?.Size} bytes) that is not valid.");
        }
    }

    private static ContainerdException Invalid(string message) => new(ContainerdErrorCode.InvalidArgument, message);
}
