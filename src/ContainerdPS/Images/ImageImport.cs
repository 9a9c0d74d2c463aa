using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.RootFileSystem;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using Google.Protobuf.Collections;

namespace ContainerdPS.Images;

/// <summary>Imports images into a daemon: content under a lease, unpacked, and only then the names.</summary>
internal static class ImageImport
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Imports an archive or OCI layout folder, or a root filesystem when options for one are given.</summary>
    public static Task<IReadOnlyList<ContainerImage>> RunAsync(NamespaceClient client, ImageImportRequest request, CancellationToken cancellationToken) => Interruption.NamedAsync(
        $"'{request.Path}' cannot be imported{(request.Name is null ? string.Empty : $" as '{request.Name}'")}", $"'{request.Path}'", () => ImportAsync(client, request, cancellationToken));

    private static async Task<IReadOnlyList<ContainerImage>> ImportAsync(NamespaceClient client, ImageImportRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<ContainerImage> images;
        bool isAll;
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                List<IGrouping<string, ImportedImage>> named = [];
                IReadOnlyList<ImportedImage> found = await ReadAsync(lease.Client, request, TakeAsync, cancellationToken).ConfigureAwait(false);
                isAll = found.All(static image => image.LeftOut.Count == 0);
                if (!isAll || named.Count < found.Count)
                {
                    // Some of an archive's blobs may have come before it was known whose they are.
                    lease.CollectAtEnd();
                }

                async Task TakeAsync(IReadOnlyList<ImportedImage> images, IBlobSource? source, CancellationToken token)
                {
                    named.AddRange(images.GroupBy(image => NameOf(image, request, images.Count), StringComparer.Ordinal));
                    foreach (ImportedImage image in images)
                    {
                        RequirePlatforms(image, request);
                    }

                    await new ImageIntake(lease.Client, request).RunAsync(named.ConvertAll(static same => same.Last()), source, token).ConfigureAwait(false);
                }

                List<Wire.ImagesV1.Image> records = named.ConvertAll(same => Record(same.Key, same.Last(), request));
                images = await ImageNaming.ApplyAsync(client, records, cancellationToken).ConfigureAwait(false);
                named.ForEach(same => TellOfSameName(same, request));
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }

        // What was not wanted is gone only now.
        return isAll ? images : await ReadAsync(client, images, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<ContainerImage>> ReadAsync(NamespaceClient client, IReadOnlyList<ContainerImage> images, CancellationToken cancellationToken)
    {
        var survey = new ImageSurvey(client);
        var read = new List<ContainerImage>();
        foreach (ContainerImage image in images)
        {
            read.Add(await survey.ReadAsync(await client.Images.GetAsync(image.Name, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
        }

        return read;
    }

    private static async Task<IReadOnlyList<ImportedImage>> ReadAsync(
        NamespaceClient client, ImageImportRequest request, Func<IReadOnlyList<ImportedImage>, IBlobSource?, CancellationToken, Task> intake, CancellationToken cancellationToken)
    {
        var sink = new ProgressSink(new ContentSink(client), request.Progress);
        if (request.RootFileSystem is null)
        {
            var options = new ArchiveImportOptions
            {
                BaseName = request.BaseName,
                Platforms = [.. request.Platforms.Select(PlatformMatcher.For)],
                Intake = intake,
                Notice = request.Notice,
            };
            return await ArchiveImporter.ReadAsync(request.Path, sink, options, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<ImportedImage> made = [await ReadRootFileSystemAsync(sink, request, cancellationToken).ConfigureAwait(false)];
        await intake(made, null, cancellationToken).ConfigureAwait(false);
        return made;
    }

    private static async Task<ImportedImage> ReadRootFileSystemAsync(IBlobSink sink, ImageImportRequest request, CancellationToken cancellationToken)
    {
        if (Directory.Exists(request.Path))
        {
            return await RootFileSystemImporter.ReadFolderAsync(request.Path, sink, request.RootFileSystem!, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            Stream file = await PatientFile.OpenAsync(request.Path, BufferSize, cancellationToken).ConfigureAwait(false);
            await using (file.ConfigureAwait(false))
            {
                return await RootFileSystemImporter.ReadTarAsync(file, request.Path, sink, request.RootFileSystem!, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArchiveError.NotFound(request.Path, e);
        }
    }

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

    /// <summary>Makes sure that an image has each platform asked for.</summary>
    private static void RequirePlatforms(ImportedImage image, ImageImportRequest request)
    {
        foreach (OciPlatform wanted in request.Platforms.Where(wanted => ImageIntake.Find(image, wanted) is null))
        {
            IEnumerable<OciPlatform?> there = image.Platforms.Where(static platform => platform.IsComplete).Select(static platform => platform.Platform).Concat(image.LeftOut);
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{request.Name ?? image.Name ?? image.Tag}' of '{request.Path}' has nothing complete for {wanted}. It is for {string.Join(", ", there.Select(static platform => platform?.ToString() ?? "no stated platform").Distinct())}.") { Reason = "PlatformNotFound" };
        }
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
