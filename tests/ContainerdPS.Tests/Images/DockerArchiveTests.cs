using System.Text;
using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Images;

public sealed class DockerArchiveTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly MemoryBlobSink _sink = new();
    private readonly byte[] _first = LayoutBuilder.Layer("first", "1");
    private readonly byte[] _second = LayoutBuilder.Layer("second", "2");

    public void Dispose() => _workspace.Dispose();

    private ArchiveImportOptions Options => new() { TemporaryFolder = _workspace.Temporary };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADockerSaveBecomesAnImageWithAManifest(bool forwardOnly)
    {
        byte[] config = Config(_first, _second);
        string configName = $"{Digest.Compute(config).Hex}.json";
        byte[] archive = new RawTar()
            .Link('5', "aaa/", string.Empty).File("aaa/VERSION", "1.0").File("aaa/json", "{}").File("aaa/layer.tar", _first)
            .File("bbb/layer.tar", LayoutBuilder.Gzip(_second))
            .File("repositories", "{}")
            .File("manifest.json", Manifest(configName, ["busybox:1", "example.com/a/b:c"], "aaa/layer.tar", "bbb/layer.tar"))
            .File(configName, config)
            .End();

        IReadOnlyList<ImportedImage> images = await ReadAsync(archive, forwardOnly);

        Assert.Equal(["docker.io/library/busybox:1", "example.com/a/b:c"], images.Select(image => image.Name));
        OciDescriptor target = images[0].Target;
        Assert.Equal(target, images[1].Target);
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", target.MediaType);
        ImageManifest manifest = ImageJson.ParseManifest(_sink.Blobs[target.Digest]);
        Assert.Equal("application/vnd.docker.container.image.v1+json", manifest.Config!.MediaType);
        Assert.Equal(
            ["application/vnd.docker.image.rootfs.diff.tar", "application/vnd.docker.image.rootfs.diff.tar.gzip"],
            manifest.Layers!.Select(layer => layer.MediaType));
        Assert.Equal(_first, _sink.Blobs[manifest.Layers![0].Digest]);
        Assert.Equal(config, _sink.Blobs[manifest.Config.Digest]);
        Assert.Equal(3, _sink.Labels[target.Digest].Count);
        Assert.Equal(4, _sink.Blobs.Count);
        Assert.Equal("linux/amd64", images[0].Platforms[0].Platform!.ToString());
        _workspace.AssertNothingLeft();
    }

    [Theory]
    [InlineData("tar -cf out.tar -C image bbb aaa config.json manifest.json")]
    [InlineData("tar -cf out.tar -C image aaa bbb config.json manifest.json")]
    public async Task EqualLayersMayBeLinksToEachOtherInEitherOrder(string pack)
    {
        _workspace.Write("image/aaa/layer.tar", _first);
        _workspace.Write("image/bbb/hard.tar", _second);
        _workspace.Run("ln -s ../aaa/layer.tar image/bbb/layer.tar; ln image/bbb/hard.tar image/bbb/other.tar");
        _workspace.Write("image/config.json", Config(_first, _first, _second, _second));
        _workspace.Write("image/manifest.json", Manifest("config.json", ["x:1"], "aaa/layer.tar", "bbb/layer.tar", "bbb/hard.tar", "bbb/other.tar"));
        _workspace.Run(pack);
        ImportedImage image = Assert.Single(await ArchiveImporter.ReadAsync(_workspace.Path("out.tar"), _sink, Options, default));
        IReadOnlyList<OciDescriptor> layers = ImageJson.ParseManifest(_sink.Blobs[image.Target.Digest]).Layers!;
        Assert.Equal(layers[0], layers[1]);
        Assert.Equal(layers[2], layers[3]);
    }

    [Fact]
    public async Task AnArchiveOfBothKindsIsReadAsAnOciLayout()
    {
        LayoutBuilder layout = new();
        OciDescriptor target = layout.Image("amd64", "one");
        layout.Add(target, ("io.containerd.image.name", "docker.io/library/both:1"));
        layout.Files["manifest.json"] = Encoding.UTF8.GetBytes(Manifest("blobs/sha256/none", ["wrong:1"], "none"));
        ImportedImage image = Assert.Single(await ReadAsync(layout.Tar(), forwardOnly: true));
        Assert.Equal("docker.io/library/both:1", image.Name);
        Assert.Equal(target.Digest, image.Target.Digest);
    }

    [Fact]
    public async Task LayersMayLieUnderTheirDigestsWithoutALayout()
    {
        byte[] config = Config(_first);
        RawTar tar = new();
        string Put(byte[] blob)
        {
            string path = LayoutBuilder.PathOf(Digest.Compute(blob).ToString());
            tar.File(path, blob);
            return path;
        }

        string layerPath = Put(_first);
        string configPath = Put(config);
        byte[] archive = tar.File("manifest.json", Manifest(configPath, [], layerPath)).End();
        ImportedImage image = Assert.Single(await ArchiveImporter.ReadAsync(new MemoryStream(archive), "x.tar", _sink, Options with { BaseName = "base" }, default));
        Assert.Equal("docker.io/library/base:latest", image.Name);
    }

    [Theory]
    [InlineData("missing", "is not in it")]
    [InlineData("swapped", "and the image's config says")]
    [InlineData("config", "has the digest")]
    [InlineData("count", "which speaks of 2")]
    [InlineData("outside", "outside the root")]
    [InlineData("link out", "outside the root")]
    [InlineData("link round", "leads to no end")]
    [InlineData("bzip2", "bzip2 or xz")]
    [InlineData("bad name", "cannot be one")]
    [InlineData("nothing", "lists 0 images")]
    [InlineData("no config", "without a config")]
    [InlineData("not json", "not valid JSON")]
    public async Task ADockerArchiveThatLiesIsRefused(string lie, string problem)
    {
        byte[] config = Config(_first, _second);
        string configName = $"{Digest.Compute(config).Hex}.json";
        string[] layers = lie == "count" ? ["a/layer.tar"] : lie == "outside" ? ["../layer.tar", "b/layer.tar"] : ["a/layer.tar", "b/layer.tar"];
        byte[] a = lie == "swapped" ? _second : lie == "bzip2" ? "BZh91AY"u8.ToArray() : _first;
        RawTar tar = new();
        _ = lie switch
        {
            "missing" => tar,
            "link out" => tar.Link('2', "a/layer.tar", "../../etc/passwd"),
            "link round" => tar.Link('2', "a/layer.tar", "../c/layer.tar").Link('2', "c/layer.tar", "../a/layer.tar"),
            _ => tar.File("a/layer.tar", a),
        };
        string manifest = lie switch
        {
            "nothing" => "[]",
            "no config" => """[{"Layers":[]}]""",
            "not json" => "[",
            _ => Manifest(configName, [lie == "bad name" ? "NO:!" : "x:1"], layers),
        };
        tar.File("b/layer.tar", _second).File("manifest.json", manifest).File(configName, lie == "config" ? Config(_second, _second) : config);

        foreach (bool forwardOnly in new[] { false, true })
        {
            ContainerdException error = await Assert.ThrowsAsync<ContainerdException>(() => ReadAsync(tar.Bytes(), forwardOnly));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Contains("x.tar", error.Message, StringComparison.Ordinal);
            _workspace.AssertNothingLeft();
        }
    }

    private Task<IReadOnlyList<ImportedImage>> ReadAsync(byte[] archive, bool forwardOnly)
    {
        Stream stream = new MemoryStream(archive);
        return ArchiveImporter.ReadAsync(forwardOnly ? new ForwardOnlyStream(stream) : stream, "x.tar", _sink, Options, default);
    }

    private static byte[] Config(params byte[][] layers) => ImageJson.Serialize(new ImageDocument
    {
        Os = "linux",
        Architecture = "amd64",
        RootFs = new ImageRootFs { DiffIds = [.. layers.Select(layer => Digest.Compute(layer).ToString())] },
    });

    private static string Manifest(string config, string[] names, params string[] layers) =>
        $$"""[{"Config":"{{config}}","RepoTags":[{{Quoted(names)}}],"Layers":[{{Quoted(layers)}}]}]""";

    private static string Quoted(string[] texts) => string.Join(',', texts.Select(text => $"\"{text}\""));
}
