using System.Text;
using ContainerdPS.Images.Export;
using ContainerdPS.Images.Push;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Tests.Images;
using ContainerdPS.Wire.ContentV1;
using Google.Protobuf;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>What is sent of an image, by what of it is in the content store.</summary>
public sealed class PushPlannerTests : FaultTest
{
    private const string Name = "docker.io/library/box:latest";

    private readonly LayoutBuilder layout = new();
    private readonly Dictionary<string, long> claimed = [];

    [Fact]
    public async Task AnIndexIsSentAsItIsAfterWhatItLists()
    {
        OciDescriptor amd = layout.Image("amd64", "one", "two");
        OciDescriptor arm = layout.Image("arm64", "one", "three");
        OciDescriptor index = layout.Index(amd, arm);
        PushPlan plan = await PlanAsync(index);
        Assert.True(plan.IsWhole);
        Assert.Equal([amd.Digest, arm.Digest, index.Digest], plan.Documents.Select(static part => part.Descriptor.Digest));
        Assert.Equal(["manifest for linux/amd64", "manifest for linux/arm64", "index"], plan.Documents.Select(static part => part.Label));
        Assert.Equal(layout.Files[LayoutBuilder.PathOf(index.Digest)], plan.Documents[^1].Document.ToArray());

        // The layer that both have is sent once.
        Assert.Equal(
            ["configuration for linux/amd64", "layer 1 of 2 for linux/amd64", "layer 2 of 2 for linux/amd64", "configuration for linux/arm64", "layer 2 of 2 for linux/arm64"],
            plan.Blobs.Select(static part => part.Label));
        Assert.Equal(plan.Blobs.Concat(plan.Documents).Sum(static part => part.Descriptor.Size), plan.Size);
        Assert.Empty(plan.LeftOut);
    }

    [Fact]
    public async Task WhatIsNotHereIsLeftOutOfNestedIndexesAndUnknownFieldsStay()
    {
        OciDescriptor amd = layout.Image("amd64", "one");
        OciDescriptor arm = layout.Image("arm64", "two");
        OciDescriptor gone = layout.Image("s390x", "three");
        const string Unknown = "\"x-unknown\":{\"b\":[1,2.50,1e3],\"a\":\"<ä & +>\"}";
        string inner = $"{{\"schemaVersion\":2,{Unknown},\"mediaType\":\"{MediaTypes.OciIndex}\",\"manifests\":[{Entry(gone, "s390x")},{Entry(arm, "arm64")}],\"annotations\":{{\"k\":\"v\"}}}}";
        OciDescriptor inside = layout.Blob(MediaTypes.OciIndex, Encoding.UTF8.GetBytes(inner));
        string outer = $"{{\"manifests\":[{Entry(inside, null)},{Entry(amd, "amd64")}],{Unknown},\"mediaType\":\"{MediaTypes.OciIndex}\",\"schemaVersion\":2}}";
        OciDescriptor target = layout.Blob(MediaTypes.OciIndex, Encoding.UTF8.GetBytes(outer));
        Drop(gone);

        PushPlan plan = await PlanAsync(target);
        Assert.False(plan.IsWhole);
        Assert.Equal([arm.Digest, null, amd.Digest, null], plan.Documents.Select(part => part.Label == "index" ? null : part.Descriptor.Digest));
        string reduced = inner.Replace(Entry(gone, "s390x") + ",", string.Empty, StringComparison.Ordinal);
        Assert.Equal(reduced, Text(plan.Documents[1]));
        Assert.Equal(Digest.Compute(Encoding.UTF8.GetBytes(reduced)).ToString(), plan.Documents[1].Descriptor.Digest);
        Assert.Equal(outer.Replace(Entry(inside, null), Entry(plan.Documents[1].Descriptor, null), StringComparison.Ordinal), Text(plan.Documents[3]));
        Assert.Equal("linux/s390x", Assert.Single(plan.LeftOut));
    }

    [Fact]
    public async Task AnIndexOfWhichNothingIsSentIsTakenOut()
    {
        OciDescriptor amd = layout.Image("amd64", "one");
        OciDescriptor arm = layout.Image("arm64", "two");
        OciDescriptor gone = layout.Image("s390x", "three");
        OciDescriptor target = layout.Index(layout.Index(gone), amd, arm);
        Drop(gone);
        PushPlan plan = await PlanAsync(target);
        Assert.Equal([amd.Digest, arm.Digest], ImageJson.ParseIndex(plan.Documents[^1].Document.Span).Manifests!.Select(static child => child.Digest));
        Assert.Equal(3, plan.Documents.Count);
    }

    [Fact]
    public async Task LayersThatRegistriesDoNotHoldStayHere()
    {
        OciDescriptor config = layout.Blob(MediaTypes.OciConfig, ImageJson.Serialize(new ImageDocument { Architecture = "amd64", Os = "windows", RootFs = new ImageRootFs { DiffIds = [] } }));
        OciDescriptor foreign = layout.Blob(MediaTypes.DockerForeignLayerGzip, LayoutBuilder.Gzip(LayoutBuilder.Layer("a", "foreign")));
        OciDescriptor own = layout.Blob(MediaTypes.OciLayerGzip, LayoutBuilder.Gzip(LayoutBuilder.Layer("a", "own")));
        OciDescriptor manifest = layout.Manifest(config, foreign, own);
        foreach (bool here in new[] { true, false })
        {
            PushPlan plan = await PlanAsync(manifest);
            Assert.True(plan.LeavesForeign);
            Assert.True(plan.IsWhole);
            Assert.Equal([config.Digest, own.Digest], plan.Blobs.Select(static part => part.Descriptor.Digest));
            Assert.Equal("layer 2 of 2", plan.Blobs[1].Label);
            Drop(foreign);
        }
    }

    [Fact]
    public async Task TheManyPartsOfACheckpointGoAlong()
    {
        OciDescriptor image = layout.Image("amd64", "one");
        OciDescriptor dump = layout.Blob("application/vnd.containerd.container.criu.checkpoint.criu.tar", [1, 2, 3]);
        OciDescriptor options = layout.Blob("application/vnd.containerd.container.checkpoint.runtime.options+proto", [4]);
        OciDescriptor index = layout.Index(image, dump, options);
        PushPlan plan = await PlanAsync(index);
        Assert.True(plan.IsWhole);
        Assert.Equal([dump.Digest, options.Digest], plan.Blobs.Where(static part => part.Label == "part").Select(static part => part.Descriptor.Digest));
        Assert.Equal([image.Digest, index.Digest], plan.Documents.Select(static part => part.Descriptor.Digest));

        Drop(dump);
        await RefusedAsync("ImageIncomplete", dump.Digest, index);
    }

    [Fact]
    public async Task OnePlatformIsSentAsItsManifestAndSeveralInAnIndexOfThese()
    {
        OciDescriptor amd = layout.Image("amd64", "one");
        OciDescriptor arm = layout.Image("arm64", "two");
        OciDescriptor z = layout.Image("s390x", "three");
        OciDescriptor index = layout.Index(amd, arm, z);
        PushPlan one = await PlanAsync(index, "linux/arm64");
        Assert.Equal(arm.Digest, one.Target.Digest);
        Assert.False(one.IsWhole);
        Assert.Equal(["configuration", "layer 1 of 1"], one.Blobs.Select(static part => part.Label));
        Assert.Equal("manifest", Assert.Single(one.Documents).Label);

        PushPlan two = await PlanAsync(index, "linux/s390x", "linux/amd64");
        Assert.Equal([amd.Digest, z.Digest], ImageJson.ParseIndex(two.Documents[^1].Document.Span).Manifests!.Select(static child => child.Digest));
        Assert.Equal(["linux/amd64", "linux/s390x"], two.Platforms.Select(static platform => platform.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(one.LeftOut);
        Assert.Empty(two.LeftOut);
        await RefusedAsync("PlatformNotFound", "linux/ppc64le", index, "linux/ppc64le");
    }

    [Fact]
    public async Task WhatIsMissingOrOfAnotherSizeIsTold()
    {
        OciDescriptor amd = layout.Image("amd64", "one");
        OciDescriptor arm = layout.Image("arm64", "two");
        OciDescriptor index = layout.Index(amd, arm);
        OciDescriptor layer = ImageJson.ParseManifest(layout.Files[LayoutBuilder.PathOf(arm.Digest)]).Layers![0];
        claimed[layer.Digest] = layer.Size + 1;
        await RefusedAsync("WrongSize", layer.Digest, index);

        claimed.Clear();
        Drop(layer);
        await RefusedAsync("ImageIncomplete", layer.Digest, index, "linux/arm64");
        await RefusedAsync("ImageIncomplete", layer.Digest, arm);
        PushPlan rest = await PlanAsync(index);
        Assert.Equal(amd.Digest, rest.Target.Digest);
        Assert.Contains("linux/arm64", Assert.Single(rest.LeftOut), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<ContainerdException>(() => PlanAsync(index, new PlatformChoice([], All: true)));
        Assert.Equal("ImageIncomplete", failure.Reason);
        Drop(index);
        await RefusedAsync("ImageIncomplete", index.Digest, index);
    }

    private static string Entry(OciDescriptor one, string? architecture) =>
        $"{{\"mediaType\":\"{one.MediaType}\",\"digest\":\"{one.Digest}\",\"size\":{one.Size},\"x-more\":\"<é>\"{(architecture is null ? string.Empty : $",\"platform\":{{\"os\":\"linux\",\"architecture\":\"{architecture}\"}}")}}}";

    private static string Text(PushPart part) => Encoding.UTF8.GetString(part.Document.Span);

    private void Drop(OciDescriptor blob) => layout.Files.Remove(LayoutBuilder.PathOf(blob.Digest));

    private Task<PushPlan> PlanAsync(OciDescriptor target, params string[] platforms) => PlanAsync(target, PlatformChoice.Of(platforms.Length == 0 ? null : platforms, all: false));

    private Task<PushPlan> PlanAsync(OciDescriptor target, PlatformChoice platforms)
    {
        Daemon.On<InfoRequest>("content.v1.Content/Info", (request, _) => new InfoResponse
        {
            Info = new Info { Digest = request.Digest, Size = claimed.TryGetValue(request.Digest, out long size) ? size : Blob(request.Digest).Length },
        });
        Daemon.On<ReadContentRequest>("content.v1.Content/Read", (request, _) => new ReadContentResponse { Data = ByteString.CopyFrom(Blob(request.Digest)) });
        var request = new PushRequest
        {
            Image = new Wire.ImagesV1.Image { Name = Name, Target = DescriptorMapping.ToWire(target) },
            Reference = ImageReference.Parse("registry.test/box:1"),
            Platforms = platforms,
        };
        return new PushPlanner(Client, request).PlanAsync(default);
    }

    private async Task RefusedAsync(string reason, string word, OciDescriptor target, params string[] platforms)
    {
        var failure = await Assert.ThrowsAsync<ContainerdException>(() => PlanAsync(target, platforms));
        Assert.Equal(reason, failure.Reason);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
    }

    private byte[] Blob(string digest) => layout.Files.TryGetValue(LayoutBuilder.PathOf(digest), out byte[]? content) ? content : throw FakeStore.NotFound(digest);
}
