using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.RootFileSystem;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using Google.Protobuf.Collections;

namespace ContainerdPS.Images;

/// <summary>Imports images into a daemon: content under a lease, unpacked, and only then the names.</summary>
internal static class ImageImport
{
    /// <summary>Imports an archive or OCI layout folder, or a root filesystem when options for one are given.</summary>
    public static Task<IReadOnlyList<ContainerImage>> RunAsync(NamespaceClient client, ImageImportRequest request, CancellationToken cancellationToken) => Interruption.NamedAsync(
        $"'{request.Path}' cannot be imported{(request.Name is null ? string.Empty : $" as '{request.Name}'")}", $"'{request.Path}'", () => ImportAsync(client, request, cancellationToken));

    private static async Task<IReadOnlyList<ContainerImage>> ImportAsync(NamespaceClient client, ImageImportRequest request, CancellationToken cancellationToken)
    {
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                IReadOnlyList<ImportedImage> found = await ReadAsync(new ProgressSink(new ContentSink(lease.Client), request.Progress), request, cancellationToken).ConfigureAwait(false);
                var named = found.GroupBy(image => NameOf(image, request, found.Count), StringComparer.Ordinal).ToList();
                foreach (ImportedImage image in found)
                {
                    RequirePlatforms(image, request);
                }

                if (!request.NoUnpack)
                {
                    foreach (ImportedImage image in named.Select(static same => same.Last()))
                    {
                        await UnpackAsync(lease.Client, image, request, cancellationToken).ConfigureAwait(false);
                    }
                }

                if (found.Any(static image => image.LeftOut.Count > 0) || named.Count < found.Count)
                {
                    // An archive's blobs come before it is known whose they are.
                    lease.CollectAtEnd();
                }

                List<Wire.ImagesV1.Image> records = named.ConvertAll(same => Record(same.Key, same.Last(), request));
                IReadOnlyList<ContainerImage> images = await ImageNaming.ApplyAsync(client, records, cancellationToken).ConfigureAwait(false);
                named.ForEach(same => TellOfSameName(same, request));
                return images;
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }

    private static async Task<IReadOnlyList<ImportedImage>> ReadAsync(IBlobSink sink, ImageImportRequest request, CancellationToken cancellationToken)
    {
        if (request.RootFileSystem is null)
        {
            return await ArchiveImporter.ReadAsync(request.Path, sink, Options(request), cancellationToken).ConfigureAwait(false);
        }

        if (Directory.Exists(request.Path))
        {
            return [await RootFileSystemImporter.ReadFolderAsync(request.Path, sink, request.RootFileSystem, cancellationToken).ConfigureAwait(false)];
        }

        try
        {
            var file = new FileStream(request.Path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            await using (file.ConfigureAwait(false))
            {
                return [await RootFileSystemImporter.ReadTarAsync(file, request.Path, sink, request.RootFileSystem, cancellationToken).ConfigureAwait(false)];
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArchiveError.NotFound(request.Path, e);
        }
    }

    private static ArchiveImportOptions Options(ImageImportRequest request) => new()
    {
        BaseName = request.BaseName,
        Platforms = [.. request.Platforms.Select(PlatformMatcher.For)],
        Measured = bytes => request.Progress.Expected = bytes,
        Notice = request.Notice,
    };

    private static string NameOf(ImportedImage image, ImageImportRequest request, int count)
    {
        if (request.Name is not null)
        {
            if (count != 1)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    $"'{request.Path}' holds {count} images, and one name cannot be all of theirs. Leave -Name out to keep the names of the archive; -BaseName is the repository of those to which it gives only a tag.") { Reason = "AmbiguousName" };
            }

            DigestName.Require(request.Name, image.Target.Digest);
            return request.Name;
        }

        if (image.Name is not null)
        {
            return image.Name;
        }

        string advice = (image.Tag, count) switch
        {
            (null, _) => "no name. Name it with -Name.",
            (_, 1) => $"only the tag '{image.Tag}'. Name it with -Name, or the repository that the tag is of with -BaseName.",
            _ => $"only the tag '{image.Tag}'. Name the repository that the tag is of with -BaseName.",
        };
        throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"'{request.Path}' gives its image {advice}") { Reason = "NameRequired" };
    }

    private static async Task UnpackAsync(NamespaceClient client, ImportedImage image, ImageImportRequest request, CancellationToken cancellationToken)
    {
        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        var reader = new ImageReader(client);
        foreach (ImportedPlatform platform in Unpackable(image, request))
        {
            (_, ImageManifest manifest) = await reader.ManifestAsync(image.Name ?? request.Path, platform.Manifest, PlatformMatcher.For(Platforms.Host), cancellationToken).ConfigureAwait(false);
            if (MediaTypes.IsConfig(manifest.Config?.MediaType))
            {
                ImageDocument config = await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false);
                await new ImageUnpacker(client, snapshotter) { Report = request.Progress.Unpacking }.UnpackAsync($"'{request.Name ?? image.Name}' in '{request.Path}'", manifest, config, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Those asked for by platform, as far as this system can hold their files, else the one this machine can run.</summary>
    private static IEnumerable<ImportedPlatform> Unpackable(ImportedImage image, ImageImportRequest request)
    {
        if (request.Platforms.Count > 0)
        {
            return request.Platforms.Where(static wanted => wanted.Os == Platforms.Host.Os).Select(wanted => Find(image, wanted)!).Distinct();
        }

        PlatformMatcher host = PlatformMatcher.For(Platforms.Host);
        ImportedPlatform? platform = image.Platforms.FirstOrDefault(candidate => candidate.IsComplete && (candidate.Platform is null || host.Matches(candidate.Platform)));
        if (platform is null && !(image.IsCheckpoint && image.Platforms.Count == 0))
        {
            request.Notice?.Invoke($"'{request.Name ?? image.Name}' has nothing complete for {Platforms.Host}, so it was not unpacked and cannot be run here.");
        }

        return platform is null ? [] : [platform];
    }

    /// <summary>Makes sure that an image has each platform asked for.</summary>
    private static void RequirePlatforms(ImportedImage image, ImageImportRequest request)
    {
        foreach (OciPlatform wanted in request.Platforms.Where(wanted => Find(image, wanted) is null))
        {
            IEnumerable<OciPlatform?> there = image.Platforms.Where(static platform => platform.IsComplete).Select(static platform => platform.Platform).Concat(image.LeftOut);
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{request.Name ?? image.Name ?? image.Tag}' of '{request.Path}' has nothing complete for {wanted}. It is for {string.Join(", ", there.Select(static platform => platform?.ToString() ?? "no stated platform").Distinct())}.") { Reason = "PlatformNotFound" };
        }
    }

    private static ImportedPlatform? Find(ImportedImage image, OciPlatform wanted)
    {
        PlatformMatcher matcher = PlatformMatcher.For(wanted);
        return image.Platforms.Where(candidate => candidate.IsComplete && matcher.Matches(candidate.Platform)).MinBy(candidate => matcher.Rank(candidate.Platform));
    }

    private static Wire.ImagesV1.Image Record(string name, ImportedImage image, ImageImportRequest request)
    {
        var record = new Wire.ImagesV1.Image { Name = name, Target = Mapping.DescriptorMapping.ToWire(image.Target) };
        Copy(request.Labels, record.Labels);
        if (image.IsCheckpoint)
        {
            record.Labels[CheckpointIndex.Label] = "true";
        }

        return record;
    }

    private static void TellOfSameName(IGrouping<string, ImportedImage> same, ImageImportRequest request)
    {
        string?[] digests = same.Select(static image => image.Target.Digest).Distinct().ToArray();
        if (digests.Length > 1)
        {
            request.Notice?.Invoke(
                $"'{request.Path}' gives {digests.Length} images the name '{same.Key}': {string.Join(", ", digests)}. It refers to the last of them now, {same.Last().Target.Digest}; the others were not imported.");
        }
    }

    private static void Copy(IReadOnlyDictionary<string, string>? from, MapField<string, string> to)
    {
        foreach ((string key, string value) in from ?? new Dictionary<string, string>())
        {
            to.Add(key, value);
        }
    }
}
