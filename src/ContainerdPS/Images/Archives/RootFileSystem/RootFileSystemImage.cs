using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>The config and the manifest around the one layer of a root filesystem.</summary>
internal static class RootFileSystemImage
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Writes config and manifest for a layer the sink has.</summary>
    public static async Task<ImportedImage> WriteAsync(OciDescriptor layer, string diffId, string source, IBlobSink sink, RootFileSystemOptions options, CancellationToken cancellationToken)
    {
        ImageDocument document = Describe(diffId, source, options);
        OciDescriptor config = await sink.WriteDocumentAsync(MediaTypes.OciConfig, ImageJson.Serialize(document), cancellationToken).ConfigureAwait(false);
        ImageManifest body = new() { MediaType = MediaTypes.OciManifest, Config = config, Layers = [layer] };
        OciDescriptor manifest = await sink.WriteDocumentAsync(MediaTypes.OciManifest, ImageJson.Serialize(body), cancellationToken).ConfigureAwait(false);
        await sink.SetLabelsAsync(manifest.Digest, GcLabels.ForManifest(config.Digest, [layer.Digest]), cancellationToken).ConfigureAwait(false);
        return new ImportedImage(options.Name, Tag: null, manifest, [new ImportedPlatform(document.Platform, manifest, [])]);
    }

    private static ImageDocument Describe(string diffId, string source, RootFileSystemOptions options)
    {
        // The layer is a Linux file system even where it is imported on another system.
        OciPlatform platform = Platforms.Normalize((options.Platform ?? Platforms.Host) with { Os = "linux" });
        DateTimeOffset created = DateTimeOffset.FromUnixTimeSeconds((options.Created ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds());
        bool hasPath = options.Environment.Any(static variable => variable.StartsWith("PATH=", StringComparison.Ordinal));
        return new ImageDocument
        {
            Created = created,
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            Os = platform.Os,
            Config = new ImageConfig
            {
                User = NullIfEmpty(options.User),
                ExposedPorts = NullIfEmpty(options.ExposedPorts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray()),
                Env = hasPath ? options.Environment : [DefaultPath, .. options.Environment],
                Entrypoint = NullIfEmpty(options.Entrypoint),
                Cmd = NullIfEmpty(options.Command),
                WorkingDir = NullIfEmpty(options.WorkingDirectory),
                Labels = options.Labels.Count == 0 ? null : new SortedDictionary<string, string>(options.Labels.ToDictionary(), StringComparer.Ordinal),
                StopSignal = NullIfEmpty(options.StopSignal),
            },
            RootFs = new ImageRootFs { DiffIds = [diffId] },
            History =
            [
                new ImageHistoryEntry
                {
                    Created = created,
                    CreatedBy = options.CreatedBy ?? $"import of the root filesystem {Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}",
                },
            ],
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;
}
