using System.Text.Json;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>Follows the index of an OCI layout down to the layers, and makes sure that what an image needs is there.</summary>
internal sealed class ImageResolver(string archive, IBlobSink sink, IBlobSource source, ArchiveImportOptions options)
{
    private readonly DocumentReader _documents = new(archive, sink, source);
    private readonly Dictionary<string, IReadOnlyList<ImportedPlatform>> _resolved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checkpoints = new(StringComparer.Ordinal);
    private readonly List<OciPlatform> _leftOut = [];
    private int _manifests;

    /// <summary>Reads the images an OCI layout lists.</summary>
    public async Task<IReadOnlyList<ImportedImage>> ReadAsync(byte[] layout, byte[] index, CancellationToken cancellationToken)
    {
        CheckLayout(layout);
        ImageIndex root = DocumentReader.Parse(archive, "index.json", index, static json => ImageJson.ParseIndex(json));
        List<ImportedImage> images = [];
        foreach (OciDescriptor target in root.Manifests!)
        {
            if (!MediaTypes.IsIndex(target.MediaType) && !MediaTypes.IsManifest(target.MediaType))
            {
                options.Notice?.Invoke($"'{target.Digest}' of '{archive}' was passed over: its media type {ArchiveError.Quote(target.MediaType)} is not an image's.");
                continue;
            }

            (string? name, string? tag) = ImageNames.Of(target, archive, options);
            _leftOut.Clear();
            IReadOnlyList<ImportedPlatform> platforms = await ResolveAsync(target, depth: 1, cancellationToken).ConfigureAwait(false);
            RequireComplete(target, name ?? tag, platforms);
            images.Add(new ImportedImage(name, tag, target, platforms) { IsCheckpoint = _checkpoints.Contains(target.Digest), LeftOut = [.. _leftOut] });
        }

        ImageNames.TellApart(images, archive);
        return images.Count > 0
            ? ImageNames.Complete(images, archive, options)
            : throw ArchiveError.Invalid(archive, "its index.json lists no image.");
    }

    private async Task<IReadOnlyList<ImportedPlatform>> ResolveAsync(OciDescriptor target, int depth, CancellationToken cancellationToken)
    {
        // A list that is mentioned in many places is followed once, or a few kilobytes would keep this busy for years.
        if (_resolved.TryGetValue(target.Digest, out IReadOnlyList<ImportedPlatform>? known))
        {
            return known;
        }

        if (++_manifests > ArchiveLimits.Manifests)
        {
            throw ArchiveError.Invalid(archive, $"it lists more than {ArchiveLimits.Manifests} manifests.");
        }

        if (depth > ArchiveLimits.Depth)
        {
            throw ArchiveError.Invalid(archive, $"the index {target.Digest} lies more than {ArchiveLimits.Depth} indexes deep.");
        }

        IReadOnlyList<ImportedPlatform> platforms = MediaTypes.IsIndex(target.MediaType)
            ? await ResolveIndexAsync(target, depth, cancellationToken).ConfigureAwait(false)
            : [await ResolveManifestAsync(target, cancellationToken).ConfigureAwait(false)];
        _resolved[target.Digest] = platforms;
        return platforms;
    }

    private async Task<IReadOnlyList<ImportedPlatform>> ResolveIndexAsync(OciDescriptor target, int depth, CancellationToken cancellationToken)
    {
        if (await _documents.IndexAsync(target, cancellationToken).ConfigureAwait(false) is not { } index)
        {
            return [new ImportedPlatform(target.Platform, target, [target.Digest])];
        }

        bool isCheckpoint = CheckpointIndex.Is(index) && _checkpoints.Add(target.Digest);
        List<ImportedPlatform> platforms = [];

        // What is not wanted is not looked at, and not kept: nothing refers to it when the lease is gone.
        OciDescriptor[] children = isCheckpoint ? [.. index.Manifests!] : [.. index.Manifests!.Where(child => !MediaTypes.IsManifest(child.MediaType) || options.Wants(child, index.Manifests!))];
        _leftOut.AddRange(index.Manifests!.Except(children).Select(static child => child.Platform!));
        foreach (OciDescriptor child in children)
        {
            if (MediaTypes.IsIndex(child.MediaType) || MediaTypes.IsManifest(child.MediaType))
            {
                platforms.AddRange(await ResolveAsync(child, depth + 1, cancellationToken).ConfigureAwait(false));
            }
            else if (!await _documents.TakeAsync(child, cancellationToken).ConfigureAwait(false) && isCheckpoint)
            {
                throw ArchiveError.Damaged(archive, $"the part {child.Digest} ({ArchiveError.Quote(child.MediaType)}) of the checkpoint {target.Digest} is neither in the archive nor in the content store.");
            }

            // Shared lists within lists multiply even though each is followed once.
            if (platforms.Count > ArchiveLimits.Manifests)
            {
                throw ArchiveError.Invalid(archive, $"the index {target.Digest} leads to more than {ArchiveLimits.Manifests} manifests.");
            }
        }

        // Each has the label of its place in the whole: the index may be here for another image, which keeps what it has.
        HashSet<string> kept = [.. children.Select(static child => child.Digest)];
        Dictionary<string, string> labels = GcLabels.ForChildren(index.Manifests!).Where(label => kept.Contains(label.Value)).ToDictionary();
        await sink.SetLabelsAsync(target.Digest, labels, cancellationToken).ConfigureAwait(false);
        return platforms;
    }

    private async Task<ImportedPlatform> ResolveManifestAsync(OciDescriptor target, CancellationToken cancellationToken)
    {
        if (await _documents.ManifestAsync(target, cancellationToken).ConfigureAwait(false) is not { } manifest)
        {
            return new ImportedPlatform(target.Platform, target, [target.Digest]);
        }

        List<string> missing = [];
        List<OciDescriptor> layers = [];
        foreach (OciDescriptor layer in manifest.Layers!)
        {
            if (await _documents.HasAsync(layer, cancellationToken).ConfigureAwait(false))
            {
                layers.Add(layer);
            }
            else
            {
                missing.Add(layer.Digest);
            }
        }

        OciPlatform? platform = target.Platform;
        OciDescriptor config = manifest.Config!;
        if (!MediaTypes.IsConfig(config.MediaType))
        {
            // Some other artifact: its config is a blob like any other.
            if (!await _documents.TakeAsync(config, cancellationToken).ConfigureAwait(false))
            {
                missing.Insert(0, config.Digest);
            }
        }
        else if (await _documents.ConfigAsync(config, cancellationToken).ConfigureAwait(false) is { } document)
        {
            platform ??= document.Platform;
            CheckLayers(target, manifest, document);
        }
        else
        {
            missing.Insert(0, config.Digest);
        }

        await sink.SetLabelsAsync(target.Digest, GcLabels.ForManifest(config.Digest, [.. manifest.Layers.Select(static layer => layer.Digest)]), cancellationToken).ConfigureAwait(false);
        return new ImportedPlatform(platform, target, missing) { Layers = layers };
    }

    private void CheckLayers(OciDescriptor target, ImageManifest manifest, ImageDocument document)
    {
        int diffIds = document.RootFs?.DiffIds?.Count ?? 0;
        if (manifest.Layers!.All(static layer => MediaTypes.IsLayer(layer.MediaType)) && diffIds != manifest.Layers!.Count)
        {
            throw ArchiveError.Damaged(archive, $"the manifest {target.Digest} has {manifest.Layers.Count} layers, and its config speaks of {diffIds}.");
        }
    }

    private void RequireComplete(OciDescriptor target, string? name, IReadOnlyList<ImportedPlatform> platforms)
    {
        // Signatures and provenance travel as manifests of the platform unknown/unknown: nothing runs from those.
        // A checkpoint need not carry the image it was made of.
        if (platforms.Any(static platform => platform.IsComplete && platform.Platform?.Os != "unknown")
            || (platforms.Count == 0 && (_leftOut.Count > 0 || _checkpoints.Contains(target.Digest))))
        {
            return;
        }

        string image = name is null ? target.Digest : ArchiveError.Quote(name);
        throw ArchiveError.Damaged(
            archive,
            platforms.FirstOrDefault(static platform => !platform.IsComplete) is { } incomplete
                ? $"the image {image} is not complete for any platform: the blob {incomplete.MissingDigests[0]} is neither in the archive nor in the content store."
                : $"the image {image} has no manifest a container could be made from.");
    }

    private void CheckLayout(byte[] layout)
    {
        string? version = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(layout);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("imageLayoutVersion", out JsonElement value)
                && value.ValueKind == JsonValueKind.String)
            {
                version = value.GetString();
            }
        }
        catch (JsonException exception)
        {
            throw ArchiveError.Invalid(archive, "its oci-layout is not JSON.", exception);
        }

        if (version?.StartsWith("1.", StringComparison.Ordinal) != true)
        {
            throw ArchiveError.Invalid(archive, $"its oci-layout has the version {ArchiveError.Quote(version ?? "none")}; only version 1 is known.");
        }
    }
}
