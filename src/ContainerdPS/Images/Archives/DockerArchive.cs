using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>Turns the images of a Docker archive, which have no manifests, into images that do.</summary>
internal sealed class DockerArchive(string archive, IBlobSink sink, ArchiveContents contents, ArchiveImportOptions options)
{
    private readonly DocumentReader _documents = new(archive, sink, contents);

    /// <summary>Reads the images a <c>manifest.json</c> lists.</summary>
    public async Task<IReadOnlyList<ImportedImage>> ReadAsync(byte[] manifest, CancellationToken cancellationToken)
    {
        IReadOnlyList<DockerManifestEntry> entries = DocumentReader.Parse(
            archive,
            "manifest.json",
            manifest,
            static json => OciJson.Read(json, DockerJsonContext.Default.IReadOnlyListDockerManifestEntry, "list of images"));
        if (entries.Count is 0 or > ArchiveLimits.Manifests)
        {
            throw ArchiveError.Invalid(archive, $"its manifest.json lists {entries.Count} images; it must list at least one, and at most {ArchiveLimits.Manifests}.");
        }

        List<ImportedImage> images = [];
        foreach (DockerManifestEntry? entry in entries)
        {
            if (entry?.Config is null || entry.Layers is null)
            {
                throw ArchiveError.Invalid(archive, "its manifest.json lists an image without a config or without layers.");
            }

            ImportedImage image = await ConvertAsync(entry.Config, entry.Layers, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> names = entry.RepoTags ?? [];
            if (names.Count == 0)
            {
                images.Add(image);
            }

            foreach (string name in names)
            {
                images.Add(image with { Name = ImageNames.Normalise(name ?? string.Empty, archive) });
            }
        }

        return ImageNames.Complete(images, archive, options);
    }

    private async Task<ImportedImage> ConvertAsync(string configPath, IReadOnlyList<string> layerPaths, CancellationToken cancellationToken)
    {
        ArchiveFile configFile = contents.Find(configPath);
        OciDescriptor config = new() { MediaType = MediaTypes.DockerConfig, Digest = configFile.Digest, Size = configFile.Size };
        ImageDocument document = await _documents.ConfigAsync(config, cancellationToken).ConfigureAwait(false)
            ?? throw ArchiveError.Damaged(archive, $"the config {ArchiveError.Quote(configPath)} is not in it.");
        IReadOnlyList<string> diffIds = document.RootFs?.DiffIds ?? [];
        if (diffIds.Count != layerPaths.Count)
        {
            throw ArchiveError.Damaged(archive, $"its manifest.json lists {layerPaths.Count} layers for {ArchiveError.Quote(configPath)}, which speaks of {diffIds.Count}.");
        }

        List<OciDescriptor> layers = [];
        for (int i = 0; i < layerPaths.Count; i++)
        {
            layers.Add(Layer(layerPaths[i] ?? string.Empty, diffIds[i]));
        }

        ImageManifest body = new() { MediaType = MediaTypes.DockerManifest, Config = config, Layers = layers };
        OciDescriptor manifest = await sink.WriteDocumentAsync(MediaTypes.DockerManifest, ImageJson.Serialize(body), cancellationToken).ConfigureAwait(false);
        await sink.SetLabelsAsync(manifest.Digest, GcLabels.ForManifest(config.Digest, [.. layers.Select(static layer => layer.Digest)]), cancellationToken).ConfigureAwait(false);
        return new ImportedImage(Name: null, Tag: null, manifest, [new ImportedPlatform(document.Platform, manifest, []) { Layers = layers }]);
    }

    private OciDescriptor Layer(string path, string diffId)
    {
        ArchiveFile file = contents.Find(path);

        // An uncompressed layer has to be what the config says. A compressed one is held against it when it is unpacked.
        if (file.Compression == LayerCompression.None && file.Digest != diffId)
        {
            throw ArchiveError.Damaged(archive, $"the layer {ArchiveError.Quote(path)} has the digest {file.Digest}, and the image's config says {diffId}. The archive was damaged or altered.");
        }

        string mediaType = file.Compression switch
        {
            LayerCompression.None => MediaTypes.DockerLayer,
            LayerCompression.Gzip => MediaTypes.DockerLayerGzip,
            LayerCompression.Zstd => MediaTypes.DockerLayerZstd,
            _ => throw ArchiveError.Invalid(archive, $"the layer {ArchiveError.Quote(path)} is compressed with bzip2 or xz, which containerd does not read."),
        };
        return new OciDescriptor { MediaType = mediaType, Digest = file.Digest, Size = file.Size };
    }
}
