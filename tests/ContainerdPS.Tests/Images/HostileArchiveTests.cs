using System.Text;
using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Images;

/// <summary>Archives that are broken or mean harm, as a file and as a pipe: one clear error each, and nothing left behind.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private const string SomeBlob = "blobs/sha256/0000000000000000000000000000000000000000000000000000000000000000";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task ATruncatedArchiveIsRefusedWhereverItEnds()
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Image("amd64", "one"));
        byte[] whole = layout.Tar();
        int end = whole.Length - (2 * TarFields.BlockSize);
        int[] cuts = [0, 1, 511, 512, 513, 700, 1024, 2048, end / 2, end - 513, end - 512, end - 1];
        foreach (int cut in cuts)
        {
            ContainerdException error = await RefusedAsync(whole[..cut]);
            Assert.True(cut < TarFields.BlockSize || error.Code == ContainerdErrorCode.DataLoss || error.Message.Contains("holds no images", StringComparison.Ordinal), $"{cut}: {error.Message}");
        }

        byte[] gzip = LayoutBuilder.Gzip(whole);
        foreach (int cut in new[] { 20, gzip.Length / 2, gzip.Length - 200 })
        {
            await RefusedAsync(gzip[..cut]);
        }
    }

    [Fact]
    public async Task WhatIsNoArchiveIsCalledThat()
    {
        Assert.Contains("empty", (await RefusedAsync([])).Message, StringComparison.Ordinal);
        Assert.Contains("not a tar archive", (await RefusedAsync("just text"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("not a tar archive", (await RefusedAsync(Encoding.ASCII.GetBytes(new string('x', 5000)))).Message, StringComparison.Ordinal);
        Assert.Contains("not a tar archive", (await RefusedAsync(LayoutBuilder.Gzip(new byte[] { 1, 2, 3 }))).Message, StringComparison.Ordinal);
        Assert.Contains("bzip2 or xz", (await RefusedAsync("BZh91AY"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("compressed data is damaged", (await RefusedAsync([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF])).Message, StringComparison.Ordinal);
        Assert.Contains("compressed data is damaged", (await RefusedAsync([0x28, 0xB5, 0x2F, 0xFD, 0xFF, 0xFF, 0xFF, 0xFF])).Message, StringComparison.Ordinal);
        Assert.Contains("holds no images", (await RefusedAsync(LayoutBuilder.Layer("etc/passwd", "root"))).Message, StringComparison.Ordinal);
        ContainerdException missing = await Assert.ThrowsAsync<ContainerdException>(() => ArchiveImporter.ReadAsync(_workspace.Path("none"), new MemoryBlobSink(), new ArchiveImportOptions(), default));
        Assert.Equal(ContainerdErrorCode.NotFound, missing.Code);
    }

    [Fact]
    public async Task ABlobWithAnotherContentIsNotKept()
    {
        LayoutBuilder layout = new();
        layout.Add(layout.Image("amd64", "one"));
        string path = layout.Files.Keys.First(name => name.StartsWith("blobs/", StringComparison.Ordinal));
        layout.Files[path][^1] ^= 1;
        MemoryBlobSink sink = new();
        ContainerdException error = await RefusedAsync(layout.Tar(), sink);
        Assert.Equal(ContainerdErrorCode.DataLoss, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("has the digest", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(path, sink.Blobs.Keys.Select(LayoutBuilder.PathOf));
    }

    [Fact]
    public async Task ADescriptorWithAnotherSizeIsRefused()
    {
        LayoutBuilder layout = new();
        OciDescriptor image = layout.Image("amd64", "one");
        ImageManifest manifest = ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(image.Digest)]);
        OciDescriptor huge = manifest.Layers![0] with { Size = 10_000_000_000_000 };
        layout.Add(layout.Manifest(manifest.Config!, huge));
        ContainerdException error = await RefusedAsync(layout.Tar());
        Assert.Equal(ContainerdErrorCode.DataLoss, error.Code);
        Assert.Contains("10000000000000", error.Message, StringComparison.Ordinal);
        Assert.Contains(huge.Digest, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingBlobIsNamed()
    {
        LayoutBuilder layout = new();
        OciDescriptor image = layout.Image("amd64", "one");
        layout.Add(image);
        string layer = ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(image.Digest)]).Layers![0].Digest;
        layout.Files.Remove(LayoutBuilder.PathOf(layer));
        ContainerdException error = await RefusedAsync(layout.Tar());
        Assert.Equal(ContainerdErrorCode.DataLoss, error.Code);
        Assert.Contains(layer, error.Message, StringComparison.Ordinal);

        layout.Files.Remove("index.json");
        Assert.Contains("without its index.json", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/passwd")]
    public async Task EntriesOutsideTheRootAreRefused(string name)
    {
        ContainerdException error = await RefusedAsync(new RawTar().File(name, "x").End());
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("outside the root", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('1', "../outside")]
    [InlineData('1', "/outside")]
    [InlineData('2', "../../outside")]
    [InlineData('2', "/outside")]
    public async Task LinksOutOfTheArchiveAreRefused(char type, string target)
    {
        ContainerdException error = await RefusedAsync(new RawTar().Link(type, "a/layer.tar", target).End());
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(target, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json", '0', long.MaxValue)]
    [InlineData(SomeBlob, '0', long.MaxValue)]
    [InlineData(SomeBlob, '0', -5)]
    [InlineData("layer.tar", '0', 1L << 40)]
    [InlineData("x", 'x', 2_000_000_000)]
    [InlineData("g", 'g', 2_000_000_000)]
    [InlineData("long", 'L', 2_000_000_000)]
    [InlineData("long", 'K', long.MaxValue)]
    public async Task HugeClaimsAreRefusedWithoutMakingRoomForThem(string name, char type, long size)
    {
        byte[] archive = new RawTar().Header(name, type, size).Content(new byte[4096]).Bytes();
        ContainerdException error = await RefusedAsync(archive);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);

        byte[] compressed = LayoutBuilder.Gzip(archive);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RefusedAsync(compressed);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1_000_000_000);
    }

    [Theory]
    [InlineData("index.json")]
    [InlineData("manifest.json")]
    [InlineData("oci-layout")]
    public async Task DocumentsThatUnfoldToMuchAreRefusedBeforeTheyAreRead(string name)
    {
        byte[] bomb = LayoutBuilder.Gzip(new RawTar().File(name, new byte[ArchiveLimits.Document + 1]).End());
        ContainerdException error = await RefusedAsync(bomb);
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"at most {ArchiveLimits.Document}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHugeConfigAndAHugeManifestAreRefused()
    {
        LayoutBuilder layout = new();
        OciDescriptor config = layout.Blob(MediaTypes.OciConfig, new byte[ArchiveLimits.Document + 1]);
        layout.Add(layout.Manifest(config));
        Assert.Contains("at most", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
        layout = new LayoutBuilder();
        layout.Add(layout.Blob(MediaTypes.OciManifest, new byte[ArchiveLimits.Document + 1]));
        Assert.Contains("at most", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonNestedTooDeepIsRefused()
    {
        string deep = $$"""{"manifests":[],"x":{{new string('[', 100_000)}}""";
        LayoutBuilder layout = new() { Files = { ["index.json"] = Encoding.ASCII.GetBytes(deep) } };
        Assert.Contains("index.json cannot be used", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
        layout = new LayoutBuilder();
        layout.Add(layout.Blob(MediaTypes.OciManifest, Encoding.ASCII.GetBytes(deep)));
        Assert.Contains("cannot be used", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
        layout = new LayoutBuilder { Files = { ["oci-layout"] = Encoding.ASCII.GetBytes(deep), ["index.json"] = "{}"u8.ToArray() } };
        Assert.Contains("oci-layout is not JSON", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndexesTooDeepAreRefused()
    {
        LayoutBuilder layout = new();
        OciDescriptor index = layout.Index(layout.Image("amd64", "one"));
        for (int i = 0; i < ArchiveLimits.Depth; i++)
        {
            index = layout.Index(index);
        }

        layout.Add(index);
        Assert.Contains("indexes deep", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndexesThatMultiplyAreRefusedAtOnce()
    {
        LayoutBuilder layout = new();
        OciDescriptor index = layout.Index(layout.Image("amd64", "one"));
        for (int i = 0; i < ArchiveLimits.Depth - 2; i++)
        {
            index = layout.Index([.. Enumerable.Repeat(index, 50)]);
        }

        layout.Add(index);
        Assert.Contains("leads to more than", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooManyManifestsAreRefused()
    {
        LayoutBuilder layout = new();
        OciDescriptor here = layout.Image("amd64", "one");
        OciDescriptor[] absent = [.. Enumerable.Range(0, ArchiveLimits.Manifests).Select(i => here with { Digest = $"sha256:{i:x64}" })];
        layout.Add(layout.Index([here, .. absent]));
        Assert.Contains("lists more than", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json", "./index.json")]
    [InlineData("a/layer.tar", "a//layer.tar")]
    [InlineData("config.json", "x/../config.json")]
    public async Task EntriesThatComeTwiceAreRefused(string first, string second)
    {
        ContainerdException error = await RefusedAsync(new RawTar().File(first, "{}").File(second, "[]").End());
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALayoutOfAnotherVersionOrWithOneDocumentOfTwoKindsIsRefused()
    {
        LayoutBuilder layout = new() { Files = { ["oci-layout"] = """{"imageLayoutVersion":"2.0.0"}"""u8.ToArray() } };
        layout.Add(layout.Image("amd64", "one"));
        Assert.Contains("'2.0.0'", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);

        layout = new LayoutBuilder();
        OciDescriptor index = layout.Index(layout.Image("amd64", "one"));
        layout.Add(index with { MediaType = MediaTypes.OciManifest });
        Assert.Contains("cannot be used", (await RefusedAsync(layout.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostileNameCannotSteerTheTerminal()
    {
        ContainerdException error = await RefusedAsync(new RawTar().File("../\u001b[2J", "x").End());
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Fact]
    public async Task AStoreThatFailsOrAUserThatStopsLeavesNoTemporaryFile()
    {
        byte[] archive = new RawTar().File("layer.tar", new byte[100_000]).End();
        using CancellationTokenSource stop = new();
        StoppingSink sink = new(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ArchiveImporter.ReadAsync(new ForwardOnlyStream(new MemoryStream(archive)), "x.tar", sink, new ArchiveImportOptions { TemporaryFolder = _workspace.Temporary }, stop.Token));
        _workspace.AssertNothingLeft();
    }

    private async Task<ContainerdException> RefusedAsync(byte[] archive, MemoryBlobSink? sink = null)
    {
        ContainerdException? last = null;
        foreach (bool forwardOnly in new[] { true, false })
        {
            Stream stream = new MemoryStream(archive);
            last = await Assert.ThrowsAsync<ContainerdException>(() => ArchiveImporter.ReadAsync(
                forwardOnly ? new ForwardOnlyStream(stream) : stream,
                "x.tar",
                sink ?? new MemoryBlobSink(),
                new ArchiveImportOptions { TemporaryFolder = _workspace.Temporary },
                default));
            Assert.Contains("x.tar", last.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", last.Message, StringComparison.Ordinal);
            _workspace.AssertNothingLeft();
        }

        return last!;
    }

    private sealed class StoppingSink(CancellationTokenSource stop) : IBlobSink
    {
        public Task<long?> FindAsync(string digest, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

        public Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public async Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
        {
            await stop.CancelAsync();
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }
    }
}
