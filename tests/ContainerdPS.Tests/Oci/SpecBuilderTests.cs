using System.Text.Json.Nodes;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using Xunit;

namespace ContainerdPS.Tests.Oci;

/// <summary>What is built, against what containerd 1.6.20 made of the same wishes.</summary>
public sealed class SpecBuilderTests
{
    private static readonly TextRootFileSystem Accounts = new(
        passwd: "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:App:/home/app:/bin/sh\n",
        group: "root:x:0:\nwheel:x:10:root,app\napp:x:1001:\nvideo:x:44:app\n");

    private static readonly ImageConfig Plain = new() { Cmd = ["/bin/busybox", "sh"] };

    private static readonly ImageConfig Rich = new()
    {
        Entrypoint = ["/bin/busybox"],
        Cmd = ["sleep", "5"],
        Env = ["PATH=/bin", "A=1", "B=2"],
        User = "app",
        WorkingDir = "/srv",
    };

    [Fact]
    public void TheDefaultIsContainerds() => AssertBuilds("plain", Request("plain"), Plain);

    [Fact]
    public void AnImagesWishesAreMergedAsContainerdMergesThem() => AssertBuilds("rich", Request("rich"), Rich);

    [Fact]
    public void ArgumentsEnvironmentAndTerminalAreMergedAsContainerdMergesThem()
    {
        SpecRequest request = Request("richtty") with { Terminal = true, Environment = ["A=9", "C=3"], Arguments = ["/bin/true", "x"], Entrypoint = [] };
        JsonObject expected = SpecFixtures.ReadNode("richtty");
        // Here TERM comes before the user's own entries, so that the user can set or remove it.
        expected["process"]!["env"] = new JsonArray("PATH=/bin", "A=9", "B=2", "TERM=xterm", "C=3");
        // ctr's arguments replace the whole command line, the entry point too; here an empty entry point says that.
        AssertBuilds(expected, request, Rich);
    }

    [Fact]
    public void LimitsHostNetworkAndReadOnlyRootAreAsContainerds()
    {
        SpecRequest request = Request("lim") with { HostNetwork = true, ReadOnlyRoot = true, MemoryLimit = 1048576, Cpu = 1.5 };
        JsonObject expected = SpecFixtures.ReadNode("lim");
        // Only ctr, not containerd's own option, adds the host's name to the environment.
        expected["process"]!["env"]!.AsArray().RemoveAt(1);
        AssertBuilds(expected, request, Plain);
    }

    [Fact]
    public void CapabilitiesMountsDevicesAndAnnotationsAreAsContainerds()
    {
        SpecRequest request = Request("usr") with
        {
            AddCapability = ["sys_admin"],
            DropCapability = ["CAP_CHOWN"],
            Mounts = [MountOption.Parse("/tmp:/t:ro")],
            Devices = ["/dev/null"],
            Annotations = new Dictionary<string, string> { ["a"] = "b" },
            Seccomp = SpecJson.Parse(SpecFixtures.Read("usr")).Linux!.Seccomp,
        };
        AssertBuilds("usr", request, Plain);
    }

    [Fact]
    public void PrivilegedIsAsContainerds()
    {
        JsonObject expected = SpecFixtures.ReadNode("priv");
        RuntimeSpec spec = SpecBuilder.Build(Request("priv") with { Privileged = true }, Plain, Accounts);
        JsonObject actual = JsonNode.Parse(SpecJson.Serialize(spec))!.AsObject();
        // Devices and capabilities are those of the machine the test runs on; they are compared by themselves below.
        foreach (JsonObject document in new[] { expected, actual })
        {
            Assert.True(document["linux"]!.AsObject().Remove("devices"));
            Assert.True(document["process"]!.AsObject().Remove("capabilities"));
        }

        SpecFixtures.AssertSame(expected, actual);
        Assert.Contains(spec.Linux!.Devices!, device => device is { Path: "/dev/null", Type: "c", Major: 1, Minor: 3 });
        Assert.DoesNotContain(spec.Linux.Devices!, device => device.Path!.StartsWith("/dev/pts/", StringComparison.Ordinal) || device.Path == "/dev/console");
    }

    [Fact]
    public void CapabilitiesFollowTheBoundingSet()
    {
        SpecCapabilities captured = SpecJson.Parse(SpecFixtures.Read("priv")).Process!.Capabilities!;
        const ulong withoutSysResource = ((1UL << 41) - 1) & ~(1UL << 24);
        Assert.Equal(captured.Bounding, LinuxCapabilities.FromBoundingSet(withoutSysResource));
        Assert.Equal(41, LinuxCapabilities.FromBoundingSet(null).Count);
    }

    [Fact]
    public void UnifiedCgroupsGetANamespace()
    {
        Assert.Equal("cgroup", DefaultSpec.CreateLinux("n", "i", unifiedCgroups: true).Linux!.Namespaces![^1].Type);
        Assert.Equal("network", DefaultSpec.CreateLinux("n", "i", unifiedCgroups: false).Linux!.Namespaces![^1].Type);
    }

    [Fact]
    public void EverySpecificationIsItsOwn()
    {
        RuntimeSpec first = DefaultSpec.CreateLinux("n", "a");
        first.Process!.Capabilities!.Bounding!.Clear();
        first.Mounts![0].Options!.Clear();
        RuntimeSpec second = DefaultSpec.CreateLinux("n", "b");
        Assert.Equal(14, second.Process!.Capabilities!.Bounding!.Count);
        Assert.Equal(14, second.Process.Capabilities.Effective!.Count);
        Assert.NotEmpty(second.Mounts![0].Options!);
    }

    private static SpecRequest Request(string id) => new() { Namespace = "default", Id = id, UnifiedCgroups = false };

    private static void AssertBuilds(string fixture, SpecRequest request, ImageConfig image) =>
        AssertBuilds(SpecFixtures.ReadNode(fixture), request, image);

    private static void AssertBuilds(JsonObject expected, SpecRequest request, ImageConfig image) =>
        SpecFixtures.AssertSame(expected, JsonNode.Parse(SpecJson.Serialize(SpecBuilder.Build(request, image, Accounts))));
}
