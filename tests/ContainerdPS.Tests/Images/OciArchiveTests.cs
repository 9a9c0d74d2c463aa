using System.Text;
using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Images;

public sealed class OciArchiveTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly MemoryBlobSink _sink = new();

    public void Dispose() => _workspace.Dispose();

    private ArchiveImportOptions Options => new() { TemporaryFolder = _workspace.Temporary };

    [Theory]
    [InlineData("tar --sort=name -cf out.tar -C layout .")]
    [InlineData("tar --format=v7 -cf out.tar -C layout oci-layout index.json blobs")]
    [InlineData("tar --format=posix -cf out.tar -C layout blobs oci-layout index.json")]
    [InlineData("tar -czf out.tar -C layout .")]
    [InlineData("tar -cf - -C layout . | zstd -q > out.tar")]
    public async Task WhatTarPacksIsReadFromAFileAndFromAPipe(string pack)
    {
        LayoutBuilder layout = new LayoutBuilder();
        OciDescriptor image = layout.Image("amd64", "one", "two");
        layout.Add(image, ("io.containerd.image.name", "docker.io/library/hello:1")).WriteTo(_workspace.Path("layout"));
        _workspace.Run(pack);

        IReadOnlyList<ImportedImage> fromFile = await ArchiveImporter.ReadAsync(_workspace.Path("out.tar"), _sink, Options, default);
        MemoryBlobSink piped = new();
        using FileStream file = File.OpenRead(_workspace.Path("out.tar"));
        IReadOnlyList<ImportedImage> fromPipe = await ArchiveImporter.ReadAsync(new ForwardOnlyStream(file), "a pipe", piped, Options, default);

        Assert.Equal(4, _sink.Blobs.Count);
        Assert.Equal(_sink.Blobs.Keys.Order(), piped.Blobs.Keys.Order());
        foreach (ImportedImage read in fromFile.Concat(fromPipe))
        {
            Assert.Equal("docker.io/library/hello:1", read.Name);
            Assert.Equal(image.Digest, read.Target.Digest);
            ImportedPlatform platform = Assert.Single(read.Platforms);
            Assert.True(platform.IsComplete);
            Assert.Equal("linux/amd64", platform.Platform!.ToString());
        }

        Assert.Equal(3, _sink.Labels[image.Digest].Count);
        Assert.Contains("containerd.io/gc.ref.content.config", _sink.Labels[image.Digest].Keys);
        Assert.Contains("containerd.io/gc.ref.content.l.1", _sink.Labels[image.Digest].Keys);
        _workspace.AssertNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheOrderOfTheEntriesDoesNotMatter(bool backwards)
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Image("amd64", "one"));
        ImportedImage image = Assert.Single(await ReadAsync(layout.Tar(backwards)));
        Assert.Null(image.Name);
        Assert.True(image.Platforms[0].IsComplete);
    }

    [Fact]
    public async Task AnIndexMayLackPlatformsButNotAll()
    {
        LayoutBuilder layout = new();
        OciDescriptor here = layout.Image("amd64", "one");
        OciDescriptor halfHere = layout.Image("arm64", "two");
        OciDescriptor notHere = layout.Image("s390x", "three");
        OciDescriptor index = layout.Index(here, halfHere, notHere);
        layout.Add(index);
        layout.Files.Remove(LayoutBuilder.PathOf(notHere.Digest));
        string missingLayer = ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(halfHere.Digest)]).Layers![0].Digest;
        layout.Files.Remove(LayoutBuilder.PathOf(missingLayer));

        ImportedImage image = Assert.Single(await ReadAsync(layout.Tar()));
        Assert.Equal(["linux/amd64", "linux/arm64", "linux/s390x"], image.Platforms.Select(platform => platform.Platform!.ToString()));
        Assert.Equal([true, false, false], image.Platforms.Select(platform => platform.IsComplete));
        Assert.Equal([missingLayer], image.Platforms[1].MissingDigests);
        Assert.Equal([notHere.Digest], image.Platforms[2].MissingDigests);
        Assert.Equal(notHere.Digest, _sink.Labels[index.Digest]["containerd.io/gc.ref.content.m.2"]);

        layout.Files.Remove(LayoutBuilder.PathOf(here.Digest));
        ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(async () => await ArchiveImporter.ReadAsync(new MemoryStream(layout.Tar()), "x.tar", new MemoryBlobSink(), Options, default));
        Assert.Equal(ContainerdErrorCode.DataLoss, error.Code);
        Assert.Contains(here.Digest, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProvenanceAloneIsNoImage()
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Index(layout.Image("unknown", "x") with { Platform = new OciPlatform { Os = "unknown", Architecture = "unknown" } }));
        ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(() => ReadAsync(layout.Tar()));
        Assert.Contains("no manifest a container could be made from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlobTheStoreHasNeedNotBeInTheArchiveAndIsNotWrittenAgain()
    {
        LayoutBuilder layout = new();
        OciDescriptor image = layout.Image("amd64", "one", "two");
        layout.Add(image);
        await ReadAsync(layout.Tar());
        int writes = _sink.Writes;

        foreach (OciDescriptor layer in ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(image.Digest)]).Layers!)
        {
            layout.Files.Remove(LayoutBuilder.PathOf(layer.Digest));
        }

        Assert.True(Assert.Single(await ReadAsync(layout.Tar())).Platforms[0].IsComplete);
        Assert.Equal(writes, _sink.Writes);
    }

    [Theory]
    [InlineData("v1", null, null, "v1")]
    [InlineData("v1", "example.com/team/app", "example.com/team/app:v1", "v1")]
    [InlineData("busybox:1", "ignored", "docker.io/library/busybox:1", null)]
    [InlineData(null, "app", "docker.io/library/app:latest", null)]
    [InlineData(null, null, null, null)]
    public async Task NamesComeFromTheAnnotationOrTheCaller(string? annotation, string? baseName, string? name, string? tag)
    {
        LayoutBuilder layout = new();
        OciDescriptor target = layout.Image("amd64", "one");
        layout.Add(target, annotation is null ? [] : [("org.opencontainers.image.ref.name", annotation)]);
        ImportedImage image = Assert.Single(await ArchiveImporter.ReadAsync(new MemoryStream(layout.Tar()), "x.tar", _sink, Options with { BaseName = baseName }, default));
        Assert.Equal(name, image.Name);
        Assert.Equal(tag, image.Tag);
    }

    [Fact]
    public async Task MediaTypesNobodyKnowsAreKeptAsBlobs()
    {
        LayoutBuilder layout = new();
        OciDescriptor odd = layout.Blob("application/x-odd", "odd"u8.ToArray());
        List<string> notices = [];
        layout.Add(odd).Add(layout.Index(layout.Image("amd64", "one"), odd)).Add(layout.Manifest(odd, odd));
        IReadOnlyList<ImportedImage> images = await ArchiveImporter.ReadAsync(new MemoryStream(layout.Tar()), "x.tar", _sink, Options with { Notice = notices.Add }, default);
        Assert.Equal(2, images.Count);
        Assert.Null(images[1].Platforms[0].Platform);
        Assert.Contains(odd.Digest, _sink.Blobs.Keys);
        Assert.Contains("application/x-odd", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALayoutFolderGivesOnlyWhatItsImagesNeed()
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Image("amd64", "one"));
        OciDescriptor unused = layout.Blob("application/octet-stream", "unused"u8.ToArray());
        layout.WriteTo(_workspace.Path("layout"));
        Assert.True(Assert.Single(await ArchiveImporter.ReadAsync(_workspace.Path("layout"), _sink, Options, default)).Platforms[0].IsComplete);
        Assert.Equal(3, _sink.Blobs.Count);
        Assert.DoesNotContain(unused.Digest, _sink.Blobs.Keys);
    }

    [Fact]
    public async Task APlainArchiveGivesDocumentsFirstThenTheLayersNeededFromTheLowestUp()
    {
        LayoutBuilder layout = new();
        OciDescriptor target = layout.Image("amd64", "one", "two", "three", "four");
        OciDescriptor unused = layout.Blob("application/octet-stream", "unused"u8.ToArray());
        byte[] archive = layout.Add(target).Tar();
        await ArchiveImporter.ReadAsync(new MemoryStream(archive), "x.tar", _sink, Options, default);
        ImageManifest manifest = ImageJson.ParseManifest(_sink.Blobs[target.Digest]);
        Assert.Equal([target.Digest, manifest.Config!.Digest, .. manifest.Layers!.Select(static layer => layer.Digest)], _sink.Written);

        // One that only goes forward is taken as it comes.
        MemoryBlobSink piped = new();
        await ArchiveImporter.ReadAsync(new ForwardOnlyStream(new MemoryStream(archive)), "x.tar", piped, Options, default);
        Assert.Contains(unused.Digest, piped.Written);
        Assert.Equal(_sink.Written.Append(unused.Digest).Order(), piped.Written.Order());
    }

    [Fact]
    public async Task LayersAreThereForWhoTakesThemIn()
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Image("amd64", "one", "two"));
        ArchiveImportOptions options = Options with
        {
            Intake = async (images, source, cancellationToken) =>
            {
                OciDescriptor[] layers = [.. Assert.Single(images).Layers];
                Assert.Equal(2, layers.Length);
                Assert.Equal(2, _sink.Written.Count);
                Assert.Equal(layers[1].Size, await source.FindAsync(layers[1], cancellationToken));
                Assert.Equal(2, _sink.Written.Count);
                Assert.Equal(layers[1].Size, await source.ProvideAsync(layers[1], cancellationToken));
                Assert.Equal(layers[1].Size, await source.ProvideAsync(layers[1], cancellationToken));
                Assert.Equal(layers[1].Digest, _sink.Written[^1]);
                Assert.Equal(3, _sink.Written.Count);
                Assert.Null(await source.ProvideAsync(layers[0] with { Digest = "sha256:" + new string('0', 64) }, cancellationToken));
            },
        };
        await ArchiveImporter.ReadAsync(new MemoryStream(layout.Tar()), "x.tar", _sink, options, default);
        Assert.Equal(3, _sink.Written.Count);
    }

    [Theory]
    [InlineData("ln -s ../../../outside", "outside the folder")]
    [InlineData("mkfifo", "not a regular file")]
    public async Task ALayoutFolderIsNotLeftAndItsSpecialFilesAreNotOpened(string make, string problem)
    {
        LayoutBuilder layout = new();
        OciDescriptor target = layout.Image("amd64", "one");
        layout.Add(target).WriteTo(_workspace.Path("layout"));
        string path = LayoutBuilder.PathOf(target.Digest);
        _workspace.Run($"mv layout/{path} outside; {make} layout/{path}");
        ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(() => ArchiveImporter.ReadAsync(_workspace.Path("layout"), _sink, Options, default));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALayoutFolderWithAWrongBlobIsRefused()
    {
        LayoutBuilder layout = new();
        OciDescriptor target = layout.Image("amd64", "one");
        layout.Add(target).WriteTo(_workspace.Path("layout"));
        string path = LayoutBuilder.PathOf(ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(target.Digest)]).Layers![0].Digest);
        layout.Files[path][^1] ^= 1;
        _workspace.Write("layout/" + path, layout.Files[path]);
        ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(() => ArchiveImporter.ReadAsync(_workspace.Path("layout"), _sink, Options, default));
        Assert.Contains("has the digest", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(path, _sink.Blobs.Keys.Select(LayoutBuilder.PathOf));
    }

    [Fact]
    public async Task NoMoreOfALayerIsReadThanTheStoreTakes()
    {
        LaggingSink sink = new();
        LayoutBuilder layout = new();
        byte[] tar = new byte[32 * 1024 * 1024];
        OciDescriptor layer = layout.Blob(MediaTypes.OciLayer, tar);
        ImageDocument document = new() { Architecture = "amd64", Os = "linux", RootFs = new ImageRootFs { DiffIds = [layer.Digest] } };
        layout.Add(layout.Manifest(layout.Blob(MediaTypes.OciConfig, ImageJson.Serialize(document)), layer));
        byte[] archive = layout.Tar();
        sink.Archive = new MemoryStream(archive, 0, archive.Length, writable: false, publiclyVisible: true);
        await ArchiveImporter.ReadAsync(new ForwardOnlyStream(sink.Archive, int.MaxValue), "x.tar", sink, Options, default);

        // Its buffers, and nothing that grows with the layer.
        Assert.InRange(sink.MostAhead, 1, 512 * 1024);
    }

    private Task<IReadOnlyList<ImportedImage>> ReadAsync(byte[] archive) =>
        ArchiveImporter.ReadAsync(new ForwardOnlyStream(new MemoryStream(archive)), "x.tar", _sink, Options, default);

    /// <summary>Notes how far the archive was read beyond what the sink was given of the blob.</summary>
    private sealed class LaggingSink : IBlobSink
    {
        private readonly MemoryBlobSink _inner = new();

        public MemoryStream Archive { get; set; } = new();

        public long MostAhead { get; private set; }

        public Task<long?> FindAsync(string digest, CancellationToken cancellationToken) => _inner.FindAsync(digest, cancellationToken);

        public Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) => _inner.OpenAsync(digest, cancellationToken);

        public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
            _inner.SetLabelsAsync(digest, labels, cancellationToken);

        public async Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
        {
            // The content follows the header, which begins with the name.
            long start = Archive.GetBuffer().AsSpan().IndexOf(Encoding.ASCII.GetBytes(LayoutBuilder.PathOf(blob.Digest))) + 512;
            using MemoryStream copy = new();
            byte[] piece = new byte[4096];
            int read;
            while ((read = await content.ReadAsync(piece, cancellationToken)) > 0)
            {
                copy.Write(piece, 0, read);
                MostAhead = Math.Max(MostAhead, Archive.Position - start - copy.Length);
            }

            copy.Position = 0;
            await _inner.WriteAsync(blob, copy, cancellationToken);
        }
    }
}
