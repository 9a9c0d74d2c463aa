using System.Text;
using System.Text.Json.Nodes;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class ImageJsonTests
{
    private const string Hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void ADockerConfigurationIsReadAndWrittenWhole()
    {
        const string json = """
            {"created":"2024-05-01T10:00:00.123456789Z","architecture":"arm","variant":"v7","os":"linux","os.version":"1","docker_version":"24",
             "config":{"Entrypoint":["/e"],"Cmd":["a","b"],"Env":["A=1"],"User":"app","WorkingDir":"/w","Labels":{"l":"1"},"StopSignal":"SIGINT",
                       "ExposedPorts":{"80/tcp":{},"53/udp":{}},"Volumes":{"/data":{}},"Healthcheck":{"Test":["NONE"]},"OnBuild":null},
             "rootfs":{"type":"layers","diff_ids":["DIGEST"]},
             "history":[{"created_by":"ADD x","empty_layer":false},{"created":"2024-01-01T00:00:00.000000001Z","comment":"c","empty_layer":true,"throwaway":true}]}
            """;
        ImageDocument document = ImageJson.ParseDocument(Encoding.UTF8.GetBytes(json.Replace("DIGEST", Hash, StringComparison.Ordinal)));
        ImageConfig config = document.Config!;
        Assert.Equal("linux/arm/v7", document.Platform.ToString());
        Assert.Equal("/e a b", config.ToString());
        Assert.Equal(["80/tcp", "53/udp"], config.ExposedPorts);
        Assert.Equal(["/data"], config.Volumes);
        Assert.Equal(("app", "/w", "SIGINT", "1"), (config.User, config.WorkingDir, config.StopSignal, config.Labels!["l"]));
        Assert.Equal(Hash, document.RootFs!.DiffIds![0]);
        Assert.True(document.History![1].EmptyLayer);
        Assert.Equal(2024, document.Created!.Value.Year);

        JsonNode written = JsonNode.Parse(ImageJson.Serialize(document))!;
        Assert.Equal("24", (string?)written["docker_version"]);
        Assert.Equal("NONE", (string?)written["config"]!["Healthcheck"]!["Test"]![0]);
        Assert.Equal("""{"80/tcp":{},"53/udp":{}}""", written["config"]!["ExposedPorts"]!.ToJsonString());
        Assert.Equal("1", (string?)written["os.version"]);
        Assert.Null(written["platform"]);
        Assert.Equal("2024-05-01T10:00:00.123456789Z", (string?)written["created"]);
        Assert.Equal("""{"created":"2024-01-01T00:00:00.000000001Z","comment":"c","empty_layer":true,"throwaway":true}""", written["history"]![1]!.ToJsonString());
        JsonNode changed = JsonNode.Parse(ImageJson.Serialize(document with { Created = new DateTimeOffset(2025, 1, 2, 5, 4, 5, 60, TimeSpan.FromHours(2)) }))!;
        Assert.Equal("2025-01-02T03:04:05.06Z", (string?)changed["created"]);
    }

    [Fact]
    public void MissingMembersAreEmptyNotNull()
    {
        ImageDocument document = ImageJson.ParseDocument("{\"config\":null,\"rootfs\":{}}"u8);
        Assert.Equal(("", "", "layers"), (document.Os, document.Architecture, document.RootFs!.Type));
        Assert.Null(document.Config);
        ImageIndex index = ImageJson.ParseIndex(Encoding.UTF8.GetBytes($$$"""{"manifests":[{"digest":"{{{Hash}}}","size":1,"platform":{"os":"linux"}}]}"""));
        Assert.Equal(("", ""), (index.Manifests![0].MediaType, index.Manifests[0].Platform!.Architecture));
    }

    [Fact]
    public void AManifestIsWrittenWithOnlyWhatItHas()
    {
        var descriptor = new OciDescriptor { MediaType = MediaTypes.OciConfig, Digest = Hash, Size = 3 };
        var manifest = new ImageManifest { MediaType = MediaTypes.OciManifest, Config = descriptor, Layers = [descriptor with { MediaType = MediaTypes.OciLayerGzip }] };
        string json = Encoding.UTF8.GetString(ImageJson.Serialize(manifest));
        Assert.Equal(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"{{MediaTypes.OciConfig}}","digest":"{{Hash}}","size":3},"layers":[{"mediaType":"{{MediaTypes.OciLayerGzip}}","digest":"{{Hash}}","size":3}]}""",
            json);
        Assert.Equal(3, ImageJson.ParseManifest(Encoding.UTF8.GetBytes(json)).Layers![0].Size);
    }

    [Theory]
    [InlineData("""{"schemaVersion":2}""", "no 'config'")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"D","size":1},"layers":[],"manifests":[]}""", "also claims")]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""", "schema 1")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"../x","size":1},"layers":[]}""", "'../x'")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"D","size":1},"layers":[{"digest":"D","size":-1}]}""", "-1 bytes")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"D","size":1},"layers":[null]}""", "layer")]
    [InlineData("""{"schemaVersion":2,"config":""", "line 1")]
    public void ALyingManifestIsRefused(string json, string why)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json.Replace("\"D\"", $"\"{Hash}\"", StringComparison.Ordinal));
        var error = Assert.Throws<ContainerdException>(() => ImageJson.ParseManifest(bytes));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"manifests":[],"layers":[]}""", "also claims")]
    [InlineData("""{"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}""", "also claims")]
    [InlineData("{}", "no 'manifests'")]
    [InlineData("""{"manifests":[{"digest":"x","size":1}]}""", "'x'")]
    public void ALyingIndexIsRefused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<ContainerdException>(() => ImageJson.ParseIndex(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void ALayerThatIsNoDigestIsRefused() =>
        Assert.Contains("'abc'", Assert.Throws<ContainerdException>(() => ImageJson.ParseDocument("""{"rootfs":{"diff_ids":["abc"]}}"""u8)).Message, StringComparison.Ordinal);
}
