using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Export;

/// <summary>
/// Writes images as a tar of an OCI layout that <c>docker load</c> takes as well. The same images give the same bytes, and
/// no blob is held in memory. What tells about the archive comes first, so that a reader knows what follows.
/// </summary>
/// <param name="target">Where the tar goes.</param>
/// <param name="open">Opens a blob to be read once, from front to back.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class OciArchiveWriter(Stream target, Func<OciDescriptor, Stream> open, ImageProgress progress)
{
    private const string Folder = "blobs";
    private const int ReadOnly = 0x124;
    private const int ReadWrite = 0x1A4;
    private const int Searchable = 0x1ED;

    private readonly TarStreamWriter tar = new(target);

    /// <summary>Writes the whole archive. One name may stand for one image only.</summary>
    /// <exception cref="ContainerdException">DataLoss: a blob is not what its digest says.</exception>
    public async Task WriteAsync(IReadOnlyList<SelectedImage> images, CancellationToken cancellationToken)
    {
        OciDescriptor[] blobs = images.SelectMany(static image => image.Blobs).DistinctBy(static blob => blob.Digest).ToArray();
        progress.Expected = blobs.Sum(static blob => blob.Size);
        progress.Stage = "exporting";
        await WriteFileAsync("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), ReadOnly, cancellationToken).ConfigureAwait(false);
        await WriteFileAsync("index.json", ImageJson.Serialize(Index(images)), ReadWrite, cancellationToken).ConfigureAwait(false);
        DockerManifestEntry[] entries = DockerEntries(images);
        if (entries.Length > 0)
        {
            byte[] manifest = OciJson.Write(entries, DockerJsonContext.Default.IReadOnlyListDockerManifestEntry, indented: false).ToArray();
            await WriteFileAsync("manifest.json", manifest, ReadWrite, cancellationToken).ConfigureAwait(false);
        }

        foreach (string folder in blobs.Select(static blob => $"{Folder}/{Digest.Parse(blob.Digest).Algorithm}/").Distinct().Order(StringComparer.Ordinal).Prepend(Folder + "/"))
        {
            await tar.WriteAsync(new TarEntry { Name = folder, Kind = TarEntryKind.Directory, Mode = Searchable }, content: null, cancellationToken).ConfigureAwait(false);
        }

        foreach (OciDescriptor blob in blobs)
        {
            string image = images.First(one => one.Blobs.Any(its => its.Digest == blob.Digest)).Name;
            await Interruption.NamedAsync($"The blob {blob.Digest} of '{image}' cannot be read", null, () => WriteBlobAsync(image, blob, cancellationToken)).ConfigureAwait(false);
        }

        await tar.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteFileAsync(string name, byte[] content, int mode, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        await tar.WriteAsync(new TarEntry { Name = name, Kind = TarEntryKind.File, Mode = mode, Size = content.Length }, stream, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteBlobAsync(string image, OciDescriptor blob, CancellationToken cancellationToken)
    {
        var digest = Digest.Parse(blob.Digest);
        Stream content = open(blob);
        await using (content.ConfigureAwait(false))
        {
            using var counted = new DigestingStream(content, digest.Algorithm);
            PartProgress part = progress.Part(blob);
            part.Report(0, PartState.Writing);
            var metered = new MeteredStream(counted, read => part.Report(part.Done + read, PartState.Writing));
            try
            {
                var entry = new TarEntry { Name = PathOf(digest), Kind = TarEntryKind.File, Mode = ReadOnly, Size = blob.Size };
                await tar.WriteAsync(entry, metered, cancellationToken).ConfigureAwait(false);
            }
            catch (EndOfStreamException e)
            {
                throw Damaged(image, blob, $"it has {counted.Count} bytes and should have {blob.Size}", e);
            }

            if (counted.Digest != blob.Digest)
            {
                throw Damaged(image, blob, $"its content has the digest {counted.Digest}");
            }

            part.Complete(PartState.Transferred);
        }
    }

    private static ImageIndex Index(IReadOnlyList<SelectedImage> images) => new()
    {
        MediaType = MediaTypes.OciIndex,
        Manifests = images.Select(static image => image.Target with { Annotations = ImageNames.Annotate(image.Name, image.Target.Annotations) }).ToArray(),
    };

    /// <summary>What <c>docker load</c> reads: it knows nothing of platforms, so an image is the one for this machine, or else its first.</summary>
    private static DockerManifestEntry[] DockerEntries(IReadOnlyList<SelectedImage> images)
    {
        var entries = new List<DockerManifestEntry>();
        foreach (IGrouping<string, SelectedImage> same in images.Where(HasRootFileSystem).GroupBy(static image => image.Manifests[0].Descriptor.Digest))
        {
            ImageManifest manifest = same.First().Manifests[0].Document!;
            entries.Add(new DockerManifestEntry
            {
                Config = PathOf(Digest.Parse(manifest.Config!.Digest)),
                RepoTags = same.Select(static image => ImageNames.Familiar(image.Name)).OfType<string>().Distinct().ToArray(),
                Layers = manifest.Layers!.Select(static layer => PathOf(Digest.Parse(layer.Digest))).ToArray(),
            });
        }

        return [.. entries];
    }

    /// <summary>Whether Docker can make something of it: artifacts and checkpoints are nothing it knows.</summary>
    private static bool HasRootFileSystem(SelectedImage image) =>
        !image.IsCheckpoint && image.Manifests.Count > 0 && MediaTypes.IsConfig(image.Manifests[0].Document!.Config!.MediaType);

    private static string PathOf(Digest digest) => $"{Folder}/{digest.Algorithm}/{digest.Hex}";

    private static ContainerdException Damaged(string image, OciDescriptor blob, string how, Exception? inner = null) => new(
        ContainerdErrorCode.DataLoss,
        $"The blob {blob.Digest} of '{image}' is damaged in the content store: {how}. Remove the image and pull or import it again.",
        inner) { Reason = "DamagedContent" };
}
