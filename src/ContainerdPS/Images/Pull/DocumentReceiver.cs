using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images.Pull;

/// <summary>Receives the documents of an image, chooses among its platforms, and ties each document to what it names.</summary>
/// <param name="client">The daemon, under the lease that protects what is received.</param>
/// <param name="repository">Where they come from.</param>
/// <param name="request">What is wanted.</param>
internal sealed class DocumentReceiver(NamespaceClient client, RegistryRepository repository, PullRequest request)
{
    /// <summary>Index in index is allowed, but not without end.</summary>
    private const int MaxDepth = 4;

    private readonly Dictionary<string, ReceivedManifest> manifests = new(StringComparer.Ordinal);
    private readonly ContentSink sink = new(client);

    /// <summary>The manifests wanted, in the order in which they are.</summary>
    public async Task<IReadOnlyList<ReceivedManifest>> ReceiveAsync(OciDescriptor target, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsIndex(target.MediaType))
        {
            ReceivedManifest only = await ManifestAsync(target, cancellationToken).ConfigureAwait(false);

            // Whoever names an image without a choice gets it, unless it is not what was asked for.
            return request.Platforms.Count == 0 || request.Matchers.All(matcher => matcher.Matches(only.Platform))
                ? [only]
                : throw PullErrors.PlatformNotFound(request.Name, string.Join(", ", request.Platforms), [$"{only.Platform}"]);
        }

        IReadOnlyList<OciDescriptor> all = await IndexAsync(target, 0, cancellationToken).ConfigureAwait(false);
        var chosen = new List<ReceivedManifest>();
        if (request.AllPlatforms)
        {
            foreach (OciDescriptor manifest in all)
            {
                chosen.Add(await ManifestAsync(manifest, cancellationToken).ConfigureAwait(false));
            }

            return chosen;
        }

        foreach ((PlatformMatcher matcher, OciPlatform wanted) in request.Matchers.Zip(request.Platforms.Count == 0 ? [Platforms.Host] : request.Platforms))
        {
            chosen.Add(await BestAsync(all, matcher, cancellationToken).ConfigureAwait(false)
                ?? throw PullErrors.PlatformNotFound(request.Name, wanted.ToString(), all.Select(static manifest => manifest.Platform?.ToString() ?? "no stated platform")));
        }

        return chosen;
    }

    private async Task<ReceivedManifest?> BestAsync(IReadOnlyList<OciDescriptor> all, PlatformMatcher matcher, CancellationToken cancellationToken)
    {
        if (matcher.Best(all.Where(static manifest => manifest.Platform is not null)) is { } stated)
        {
            return await ManifestAsync(stated, cancellationToken).ConfigureAwait(false);
        }

        // An index may leave the platform out; then the configuration tells.
        foreach (OciDescriptor candidate in all.Where(static manifest => manifest.Platform is null))
        {
            ReceivedManifest manifest = await ManifestAsync(candidate, cancellationToken).ConfigureAwait(false);
            if (matcher.Matches(manifest.Platform))
            {
                return manifest;
            }
        }

        return null;
    }

    /// <summary>The manifests of an index and of the indexes in it.</summary>
    private async Task<IReadOnlyList<OciDescriptor>> IndexAsync(OciDescriptor index, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The image '{request.Name}' has indexes nested deeper than {MaxDepth}.") { Reason = "InvalidImage" };
        }

        ReadOnlyMemory<byte> document = await DocumentAsync("index", index, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OciDescriptor> children = Parsed("index", index, () => ImageJson.ParseIndex(document.Span)).Manifests ?? [];
        await client.Content.SetLabelsAsync(index.Digest, GcLabels.ForChildren(children), cancellationToken).ConfigureAwait(false);
        var found = new List<OciDescriptor>();
        foreach (OciDescriptor child in children)
        {
            if (MediaTypes.IsIndex(child.MediaType))
            {
                found.AddRange(await IndexAsync(child, depth + 1, cancellationToken).ConfigureAwait(false));
            }
            else if (MediaTypes.IsManifest(child.MediaType))
            {
                found.Add(child);
            }
        }

        return found;
    }

    private async Task<ReceivedManifest> ManifestAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        if (manifests.TryGetValue(descriptor.Digest, out ReceivedManifest? known))
        {
            return known;
        }

        ReadOnlyMemory<byte> document = await DocumentAsync("manifest", descriptor, cancellationToken).ConfigureAwait(false);
        ImageManifest manifest = Parsed("manifest", descriptor, () => ImageJson.ParseManifest(document.Span));
        ImageDocument? config = null;
        if (MediaTypes.IsConfig(manifest.Config?.MediaType))
        {
            ReadOnlyMemory<byte> json = await DocumentAsync("configuration", manifest.Config!, cancellationToken).ConfigureAwait(false);
            config = Parsed("configuration", manifest.Config!, () => ImageJson.ParseDocument(json.Span));
        }

        await client.Content.SetLabelsAsync(descriptor.Digest, GcLabels.ForChildren([.. manifest.Config is null ? [] : new[] { manifest.Config }, .. manifest.Layers ?? []]), cancellationToken).ConfigureAwait(false);
        return manifests[descriptor.Digest] = new ReceivedManifest(descriptor, manifest, config);
    }

    /// <summary>What a document says; that it says nothing is told of the one it is.</summary>
    private T Parsed<T>(string part, OciDescriptor descriptor, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (ContainerdException e) when (e.Reason is null)
        {
            throw PullErrors.OfBlob(request.Name, part, descriptor, new ContainerdException(e.Code, e.Message, e) { Reason = "InvalidImage" });
        }
    }

    /// <summary>A document, from the content store when it is there.</summary>
    private async Task<ReadOnlyMemory<byte>> DocumentAsync(string part, OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        try
        {
            await client.Leases.AddContentAsync(client.Lease!, descriptor.Digest, cancellationToken).ConfigureAwait(false);
            Info? found = await client.Content.FindAsync(descriptor.Digest, cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte> document;
            if (found is not null)
            {
                document = await client.Content.ReadDocumentAsync(descriptor.Digest, RegistryRepository.DocumentLimit, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                document = await repository.DocumentAsync(descriptor, cancellationToken).ConfigureAwait(false);
                using var content = new MemoryStream(document.ToArray(), writable: false);
                await sink.WriteAsync(descriptor, content, cancellationToken).ConfigureAwait(false);
            }

            await client.Content.SetLabelsAsync(descriptor.Digest, DistributionSource.With(repository.Reference, found?.Labels), cancellationToken).ConfigureAwait(false);
            return document;
        }
        catch (ContainerdException e)
        {
            throw PullErrors.OfBlob(request.Name, part, descriptor, e);
        }
    }
}
