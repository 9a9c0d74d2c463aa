using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Export;

/// <summary>Follows an image from its name down to its layers, and takes the platforms wanted.</summary>
internal sealed class ImageSelector(NamespaceClient client, PlatformChoice choice)
{
    private const string SubjectAnnotation = "vnd.docker.reference.digest";

    private readonly ImageReader reader = new(client);
    private readonly Dictionary<string, bool> here = new(StringComparer.Ordinal);

    /// <summary>Selects what is wanted of an image.</summary>
    /// <exception cref="ContainerdException">NotFound: a platform that is wanted, or content of it, is not here. InvalidArgument: it is no image.</exception>
    public async Task<SelectedImage> SelectAsync(string name, OciDescriptor target, CancellationToken cancellationToken)
    {
        if (!await IsHereAsync(target, cancellationToken).ConfigureAwait(false))
        {
            throw Incomplete(name, null, target.Digest);
        }

        var found = new FoundParts();
        if (MediaTypes.IsManifest(target.MediaType))
        {
            found.Manifests.Add(await ManifestAsync(target, [], cancellationToken).ConfigureAwait(false));
        }
        else if (MediaTypes.IsIndex(target.MediaType))
        {
            await FollowAsync(name, target, [], found, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"'{name}' refers to a blob of the type '{target.MediaType}', which is neither a manifest nor an index of an image.") { Reason = "InvalidImage" };
        }

        IReadOnlyList<SelectedManifest> manifests = Choose(name, found);
        var blobs = new List<OciDescriptor> { target };
        foreach ((OciDescriptor part, IReadOnlyList<OciDescriptor> indexes) in found.Parts)
        {
            if (!await IsHereAsync(part, cancellationToken).ConfigureAwait(false))
            {
                throw Incomplete(name, null, part.Digest);
            }

            blobs.AddRange(indexes.Append(part));
        }

        foreach (SelectedManifest manifest in manifests)
        {
            blobs.AddRange(manifest.Indexes);
            blobs.Add(manifest.Descriptor);
            foreach (OciDescriptor part in manifest.Document!.Layers!.Prepend(manifest.Document.Config!))
            {
                // What a registry does not hold is taken only where somebody fetched it all the same.
                if (!MediaTypes.IsForeignLayer(part.MediaType) || await IsHereAsync(part, cancellationToken).ConfigureAwait(false))
                {
                    blobs.Add(part);
                }
            }
        }

        return new SelectedImage(
            name,
            target,
            blobs.DistinctBy(static blob => blob.Digest).ToArray(),
            manifests,
            found.IsCheckpoint,
            found.Manifests.Except(manifests).Where(static manifest => manifest.Missing.Count > 0).Select(PlatformOf).ToArray());
    }

    private async Task FollowAsync(
        string name, OciDescriptor index, IReadOnlyList<OciDescriptor> above, FoundParts found, CancellationToken cancellationToken)
    {
        IReadOnlyList<OciDescriptor> indexes = [.. above, index];
        if (indexes.Count > ArchiveLimits.Depth)
        {
            throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The image '{name}' has indexes nested deeper than {ArchiveLimits.Depth}.") { Reason = "InvalidImage" };
        }

        ImageIndex document = await reader.IndexDocumentAsync(index, cancellationToken).ConfigureAwait(false);
        found.IsCheckpoint |= CheckpointIndex.Is(document);
        foreach (OciDescriptor child in document.Manifests ?? [])
        {
            // A list that is mentioned in many places is followed once.
            if (!found.Seen.Add(child.Digest))
            {
                continue;
            }

            if (MediaTypes.IsManifest(child.MediaType))
            {
                found.Manifests.Add(await ManifestAsync(child, indexes, cancellationToken).ConfigureAwait(false));
            }
            else if (!MediaTypes.IsIndex(child.MediaType))
            {
                found.Parts.Add((child, indexes));
            }
            else if (await IsHereAsync(child, cancellationToken).ConfigureAwait(false))
            {
                await FollowAsync(name, child, indexes, found, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                found.Manifests.Add(new SelectedManifest(child, indexes) { Missing = [child.Digest] });
            }

            if (found.Seen.Count > ArchiveLimits.Manifests)
            {
                throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The image '{name}' lists more than {ArchiveLimits.Manifests} manifests.") { Reason = "InvalidImage" };
            }
        }
    }

    private async Task<SelectedManifest> ManifestAsync(OciDescriptor descriptor, IReadOnlyList<OciDescriptor> indexes, CancellationToken cancellationToken)
    {
        if (!await IsHereAsync(descriptor, cancellationToken).ConfigureAwait(false))
        {
            return new SelectedManifest(descriptor, indexes) { Missing = [descriptor.Digest] };
        }

        ImageManifest manifest = await reader.ManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        var missing = new List<string>();
        foreach (OciDescriptor part in manifest.Layers!.Prepend(manifest.Config!))
        {
            if (!MediaTypes.IsForeignLayer(part.MediaType) && !await IsHereAsync(part, cancellationToken).ConfigureAwait(false))
            {
                missing.Add(part.Digest);
            }
        }

        OciPlatform? platform = descriptor.Platform;
        if (platform is null && MediaTypes.IsConfig(manifest.Config!.MediaType) && here[manifest.Config.Digest])
        {
            platform = (await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false)).Platform;
        }

        return new SelectedManifest(descriptor, indexes) { Document = manifest, Platform = platform, Missing = missing };
    }

    private List<SelectedManifest> Choose(string name, FoundParts found)
    {
        // The one for this machine is what an archive of Docker's form stands for, so it comes first.
        PlatformMatcher host = PlatformMatcher.For(Platforms.Host);
        List<SelectedManifest> chosen = choice.Wanted.Count > 0
            ? Wanted(name, found)
            : [.. found.Manifests.OrderBy(manifest => host.Rank(manifest.Platform) is var rank && rank < 0 ? int.MaxValue : rank)];
        if (choice.MayLeaveOut)
        {
            SelectedManifest? first = chosen.FirstOrDefault(static manifest => manifest.Missing.Count > 0);
            chosen.RemoveAll(static manifest => manifest.Missing.Count > 0);
            if (first is not null && !chosen.Exists(IsImage))
            {
                throw Incomplete(name, first, first.Missing[0]);
            }
        }

        foreach (SelectedManifest manifest in chosen.Where(static manifest => manifest.Missing.Count > 0))
        {
            throw Incomplete(name, manifest, manifest.Missing[0]);
        }

        return chosen.Count > 0 || found.Parts.Count > 0 ? chosen : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument, $"The image '{name}' is an index that lists nothing.") { Reason = "InvalidImage" };
    }

    private List<SelectedManifest> Wanted(string name, FoundParts found)
    {
        var chosen = new List<SelectedManifest>();
        foreach (OciPlatform platform in choice.Wanted)
        {
            PlatformMatcher matcher = PlatformMatcher.For(platform);
            SelectedManifest best = found.Manifests.Where(manifest => matcher.Matches(manifest.Platform)).MinBy(manifest => matcher.Rank(manifest.Platform)) ?? throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{name}' has nothing for {platform}: it is for {string.Join(", ", found.Manifests.Where(IsImage).Select(PlatformOf).Distinct())}.") { Reason = "PlatformNotFound" };
            chosen.Add(best);
        }

        // Where a signature or provenance names what it is about, it goes along.
        chosen.AddRange(found.Manifests.Where(manifest =>
            manifest.Missing.Count == 0
            && manifest.Descriptor.Annotations?.GetValueOrDefault(SubjectAnnotation) is { } subject
            && chosen.Exists(one => one.Descriptor.Digest == subject)).ToArray());
        return chosen.DistinctBy(static manifest => manifest.Descriptor.Digest).ToList();
    }

    private async Task<bool> IsHereAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (!here.TryGetValue(blob.Digest, out bool known))
        {
            here[blob.Digest] = known = await client.Content.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false) is not null;
        }

        return known;
    }

    /// <summary>Signatures and provenance travel as manifests of the platform unknown/unknown: nothing runs from those.</summary>
    private static bool IsImage(SelectedManifest manifest) => manifest.Platform?.Os != "unknown";

    private static string PlatformOf(SelectedManifest manifest) => manifest.Platform?.ToString() ?? "no stated platform";

    private ContainerdException Incomplete(string name, SelectedManifest? manifest, string digest)
    {
        string platform = manifest?.Platform is { } known ? $" for {known}" : string.Empty;
        return new ContainerdException(
            ContainerdErrorCode.NotFound,
            $"The image '{name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is not whole{platform}: the blob {digest} is not in the content store. Pull or import it again, with all the platforms that are wanted.")
        {
            Reason = "ImageIncomplete",
        };
    }

    /// <summary>What following an index has found.</summary>
    private sealed class FoundParts
    {
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public List<SelectedManifest> Manifests { get; } = [];

        /// <summary>What is in an index and no manifest: the parts of a checkpoint.</summary>
        public List<(OciDescriptor Part, IReadOnlyList<OciDescriptor> Indexes)> Parts { get; } = [];

        public bool IsCheckpoint { get; set; }
    }
}
