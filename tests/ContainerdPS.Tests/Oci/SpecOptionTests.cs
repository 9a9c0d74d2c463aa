using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class SpecOptionTests
{
    private static readonly SpecRequest Bare = new() { Namespace = "n", Id = "i", Arguments = ["x"], UnifiedCgroups = true };

    private static readonly ImageConfig Image = new() { Entrypoint = ["/entry", "-e"], Cmd = ["cmd"], Env = ["A=1", "TERM=vt100"] };

    [Fact]
    public void ArgumentsReplaceCmdAndAnEntrypointReplacesBoth()
    {
        Assert.Equal(["/entry", "-e", "cmd"], Build(Bare with { Arguments = null }, Image).Process!.Args);
        Assert.Equal(["/entry", "-e", "x"], Build(Bare, Image).Process!.Args);
        Assert.Equal(["/other"], Build(Bare with { Arguments = null, Entrypoint = ["/other"] }, Image).Process!.Args);
        Assert.Equal(["/other", "x"], Build(Bare with { Entrypoint = ["/other"] }, Image).Process!.Args);
        Assert.Equal(["x"], Build(Bare with { Entrypoint = [] }, Image).Process!.Args);
        Assert.Equal(["/entry", "-e"], Build(Bare with { Arguments = [] }, Image).Process!.Args);
        Assert.Equal(["x", "", ""], Build(Bare with { Arguments = ["x", "", ""] }).Process!.Args);
    }

    [Fact]
    public void NoCommandIsAnError()
    {
        AssertInvalid(() => Build(Bare with { Arguments = null }), "no image");
        AssertInvalid(() => Build(Bare with { Arguments = [] }, new ImageConfig()), "the image has none");
        AssertInvalid(() => Build(Bare with { Arguments = [] }, new ImageConfig { Cmd = ["x"] }), "takes the image's own away");
        AssertInvalid(() => Build(Bare with { Arguments = [""] }), "empty");
        AssertInvalid(() => Build(Bare with { Arguments = ["a\0b"] }), "a\\0b");
    }

    [Fact]
    public void EnvironmentEntriesReplaceAddAndRemove()
    {
        Assert.Equal([DefaultSpec.DefaultPath], Build(Bare).Process!.Env);
        Assert.Equal(["A=2=3", "TERM=vt100", "AB=x", "E="], Build(Bare with { Environment = ["A=2=3", "AB=x", "E="] }, Image).Process!.Env);
        Assert.Equal(["TERM=vt100"], Build(Bare with { Environment = ["A", "NONE"] }, Image).Process!.Env);
        Assert.Equal(["AB=1", "A=2"], Build(Bare with { Environment = ["A=2"] }, new ImageConfig { Env = ["AB=1"] }).Process!.Env);
        AssertInvalid(() => Build(Bare with { Environment = ["=x"] }), "'=x'");
        AssertInvalid(() => Build(Bare with { Environment = [""] }), "''");
    }

    [Fact]
    public void ATerminalSetsTermUnlessSomebodyDid()
    {
        SpecProcess process = Build(Bare with { Terminal = true }).Process!;
        Assert.True(process.Terminal);
        Assert.Contains("TERM=xterm", process.Env!);
        Assert.Equal(["A=1", "TERM=vt100"], Build(Bare with { Terminal = true }, Image).Process!.Env);
        Assert.DoesNotContain("TERM=xterm", Build(Bare with { Terminal = true, Environment = ["TERM"] }).Process!.Env!);
        Assert.Null(Build(Bare with { Terminal = false }).Process!.Terminal);
    }

    [Fact]
    public void SimpleWishesReachTheirMembers()
    {
        RuntimeSpec spec = Build(Bare with
        {
            WorkingDirectory = "/w",
            User = "5:6",
            Hostname = "web-1.example",
            MemoryLimit = 100,
            MemorySwap = 200,
            MemoryReservation = 50,
            Cpu = 0.25,
            CpuShares = 512,
            CpuSet = "0-1,3",
            MemoryNodes = "0",
            PidsLimit = 7,
            Rlimits = ["nofile=10:20", "core=unlimited", "RLIMIT_NPROC=5"],
            Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1" },
            AppArmorProfile = "p",
            NoNewPrivileges = false,
            HostPid = true,
            HostIpc = true,
            OomScoreAdjustment = -5,
            CgroupsPath = "/c",
            RootPath = "/srv/fs",
        });
        Assert.Equal("/w", spec.Process!.Cwd);
        Assert.Equal((5u, 6u), (spec.Process.User!.Uid, spec.Process.User.Gid));
        Assert.Equal("web-1.example", spec.Hostname);
        LinuxResources resources = spec.Linux!.Resources!;
        Assert.Equal((100L, 200L, 50L), (resources.Memory!.Limit, resources.Memory.Swap, resources.Memory.Reservation));
        Assert.Equal((25_000L, 100_000UL, 512UL), (resources.Cpu!.Quota, resources.Cpu.Period, resources.Cpu.Shares));
        Assert.Equal(("0-1,3", "0"), (resources.Cpu.Cpus, resources.Cpu.Mems));
        Assert.Equal(7, resources.Pids!.Limit);
        Assert.Equal(["RLIMIT_NOFILE=10:20", $"RLIMIT_CORE={ulong.MaxValue}:{ulong.MaxValue}", "RLIMIT_NPROC=5:5"], spec.Process.Rlimits!.Select(limit => limit.ToString()));
        Assert.Equal("1", spec.Linux.Sysctl!["net.core.somaxconn"]);
        Assert.Equal(("p", false, -5), (spec.Process.ApparmorProfile, spec.Process.NoNewPrivileges, spec.Process.OomScoreAdj));
        Assert.Equal(["uts", "mount", "network", "cgroup"], spec.Linux.Namespaces!.Select(one => one.Type));
        Assert.Equal(("/c", "/srv/fs"), (spec.Linux.CgroupsPath, spec.Root!.Path));
    }

    [Fact]
    public void CapabilitiesAreDroppedThenAdded()
    {
        Assert.Equal(["CAP_KILL"], Build(Bare with { DropCapability = ["ALL"], AddCapability = ["kill"] }).Process!.Capabilities!.Effective);
        Assert.Empty(Build(Bare with { DropCapability = ["all"] }).Process!.Capabilities!.Bounding!);
        List<string> all = Build(Bare with { AddCapability = ["ALL"], DropCapability = ["MKNOD"] }).Process!.Capabilities!.Permitted!;
        Assert.Equal(LinuxCapabilities.Available().Order(), all.Order());
        AssertInvalid(() => Build(Bare with { AddCapability = ["CAP_FLY"] }), "'CAP_FLY'");
        AssertInvalid(() => Build(Bare with { DropCapability = [""] }), "''");
    }

    [Theory]
    [InlineData("/a:/b", "bind", "/a", "/b", "rbind")]
    [InlineData("/a:/b:ro", "bind", "/a", "/b", "rbind,ro")]
    [InlineData("/a=1:/b/:ro,bind", "bind", "/a=1", "/b", "ro,bind")]
    [InlineData("type=bind,src=/a,dst=/b,options=rbind:ro", "bind", "/a", "/b", "rbind,ro")]
    [InlineData("type=bind,source=/a,target=/b//c,readonly", "bind", "/a", "/b/c", "rbind,ro")]
    [InlineData("source=/a,destination=/b", "bind", "/a", "/b", "rbind")]
    [InlineData("type=tmpfs,destination=/t,options=size=64m:mode=755", "tmpfs", "tmpfs", "/t", "size=64m,mode=755")]
    [InlineData("type=tmpfs,dst=/t,size=64m,noexec", "tmpfs", "tmpfs", "/t", "size=64m,noexec")]
    public void MountsAreReadFromText(string text, string type, string source, string destination, string options)
    {
        SpecMount mount = MountOption.Parse(text);
        Assert.Equal((type, source, destination), (mount.Type, mount.Source, mount.Destination));
        Assert.Equal(options.Split(','), mount.Options);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a:/b")]
    [InlineData("/a:b")]
    [InlineData("/a:/b:ro:x")]
    [InlineData("/a:/b:ro,rw")]
    [InlineData("/a:/b/../../c")]
    [InlineData("/a:/./")]
    [InlineData("type=bind,source=/a")]
    [InlineData("type=bind,destination=/b")]
    [InlineData("destination=/b")]
    public void WhatIsNoMountIsRefused(string text) => AssertInvalid(() => MountOption.Parse(text), "");

    [Fact]
    public void AMountReplacesTheOneAtItsDestination()
    {
        RuntimeSpec spec = Build(Bare with { Mounts = [MountOption.Parse("type=tmpfs,dst=/dev/shm/,size=1g"), MountOption.Parse("/a:/b")] });
        Assert.Equal(["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/run", "/b"], spec.Mounts!.Select(mount => mount.Destination));
        Assert.Equal(["size=1g"], spec.Mounts![3].Options);
    }

    [Fact]
    public void DevicesComeWithTheRightToUseThem()
    {
        RuntimeSpec spec = Build(Bare with { Devices = ["/dev/zero:/dev/nil:r"] });
        LinuxDevice device = Assert.Single(spec.Linux!.Devices!);
        Assert.Equal(("/dev/nil", "c", 1L, 5L), (device.Path, device.Type, device.Major, device.Minor));
        LinuxDeviceCgroup rule = spec.Linux.Resources!.Devices![^1];
        Assert.Equal((true, "c", 1L, 5L, "r"), (rule.Allow, rule.Type, rule.Major, rule.Minor, rule.Access));
        AssertInvalid(() => Build(Bare with { Devices = ["/dev/none-such"] }), "'/dev/none-such'");
        AssertInvalid(() => Build(Bare with { Devices = ["/etc/passwd"] }), "'/etc/passwd'");
        AssertInvalid(() => Build(Bare with { Devices = ["null"] }), "'null'");
        AssertInvalid(() => Build(Bare with { Devices = ["/dev/null:/dev/x:rx"] }), "'/dev/null:/dev/x:rx'");
    }

    [Theory]
    [InlineData("nofile")]
    [InlineData("nofile=")]
    [InlineData("nofile=2:1")]
    [InlineData("nofile=1:2:3")]
    [InlineData("nothing=1")]
    [InlineData("nofile=-5")]
    public void WhatIsNoLimitIsRefused(string text) => AssertInvalid(() => RlimitOption.Parse(text), $"'{text}'");

    [Fact]
    public void BadValuesAreNamed()
    {
        AssertInvalid(() => Build(Bare with { WorkingDirectory = "w" }), "'w'");
        AssertInvalid(() => Build(Bare with { Hostname = "a b" }), "'a b'");
        AssertInvalid(() => Build(Bare with { Hostname = new string('h', 65) }), "hhh");
        AssertInvalid(() => Build(Bare with { MemoryLimit = 0 }), "0 bytes");
        AssertInvalid(() => Build(Bare with { MemoryLimit = 100, MemorySwap = 99 }), "99");
        AssertInvalid(() => Build(Bare with { MemorySwap = 99 }), "none");
        AssertInvalid(() => Build(Bare with { MemoryLimit = 100, MemoryReservation = 101 }), "101");
        AssertInvalid(() => Build(Bare with { Cpu = 0 }), "0 CPUs");
        AssertInvalid(() => Build(Bare with { Cpu = double.NaN }), "NaN");
        AssertInvalid(() => Build(Bare with { CpuShares = 1 }), "1 are outside");
        AssertInvalid(() => Build(Bare with { CpuSet = "3-1" }), "'3-1'");
        AssertInvalid(() => Build(Bare with { MemoryNodes = "a" }), "'a'");
        AssertInvalid(() => Build(Bare with { PidsLimit = 0 }), "0 processes");
        AssertInvalid(() => Build(Bare with { OomScoreAdjustment = 1001 }), "1001");
        AssertInvalid(() => Build(Bare with { Sysctls = new Dictionary<string, string> { ["net..x"] = "1" } }), "'net..x'");
        AssertInvalid(() => Build(Bare with { HostNetwork = true, Sysctls = new Dictionary<string, string> { ["net.x"] = "1" } }), "'net.x'");
        AssertInvalid(() => Build(Bare with { Annotations = new Dictionary<string, string> { [""] = "v" } }), "'v'");
        AssertInvalid(() => Build(Bare with { RootPath = "fs" }), "'fs'");
    }

    private static RuntimeSpec Build(SpecRequest request, ImageConfig? image = null) => SpecBuilder.Build(request, image, null);

    private static void AssertInvalid(Action action, string text)
    {
        var error = Assert.Throws<ContainerdException>(action);
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
