using ContainerdPS.Containers.Roots;
using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Oci;
using ContainerdPS.Tests.Faults;
using ContainerdPS.Wire.Types;
using Xunit;

namespace ContainerdPS.Tests.Containers;

/// <summary>What makes a process, a socket and a mount the container's.</summary>
public sealed class RootEvidenceTests : FaultTest
{
    [Theory]
    [InlineData("/default/web", "0::/default/web\n", true)]
    [InlineData("/default/web", "12:pids:/kubepods/pod1/default/web\n1:name=systemd:/\n", true)]
    [InlineData("/default/web", "0::/default/web/init.scope\n", true)]
    [InlineData("/default/web", "0::/default/webserver\n", false)]
    [InlineData("/default/web", "0::/system.slice/web.service\n", false)]
    [InlineData("system.slice:cri-containerd:web", "0::/system.slice/cri-containerd-web.scope\n", true)]
    [InlineData("system.slice:cri-containerd:web", "0::/system.slice/web.scope\n", false)]
    [InlineData(null, "0::/user.slice/web\n", true)]
    [InlineData(null, "", false)]
    public void AProcessIsTheContainersByItsCgroup(string? path, string cgroups, bool expected)
    {
        var spec = new RuntimeSpec { Linux = new SpecLinux { CgroupsPath = path } };
        Assert.Equal(expected, TaskRoot.IsOfContainer(Record("io.containerd.runc.v2"), spec, cgroups));

        // The process of a virtual machine is in the cgroup too, and has other files.
        Assert.False(TaskRoot.IsOfContainer(Record("io.containerd.kata.v2"), spec, cgroups));
    }

    [Fact]
    public void ASocketOfAnotherProgramIsNoDaemonHere()
    {
        var e = Assert.Throws<ContainerdException>(() => DaemonProcess.Find(Daemon.Address));
        Assert.Equal("NotOnDaemonHost", e.Reason);
        Assert.Contains(Daemon.Address, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MountsAreReadAsTheKernelWritesThem()
    {
        IReadOnlyList<MountInformation> mounts = MountInformation.Parse(
            "95 61 0:52 / / rw,relatime - overlay overlay rw,lowerdir=/s/1/fs,upperdir=/s\\0402/fs,workdir=/s/2/work\n"
            + "97 95 0:56 / /a\\040b rw shared:7 master:1 - tmpfs tmpfs rw,size=65536k\nnonsense\n");
        Assert.Equal(["/", "/a b"], mounts.Select(static mount => mount.Point));
        Assert.Equal(["/s 2/fs", null], mounts.Select(static mount => mount.UpperFolder));
    }

    [Fact]
    public void ASnapshotIsReadWithoutItsUpperFolder()
    {
        var mount = new Mount { Type = "overlay", Source = "overlay", Options = { "index=off", "workdir=/s/2/work", "upperdir=/s/a:2/fs", "lowerdir=/s/1/fs" } };
        Assert.Equal("index=off,lowerdir=/s/a\\:2/fs:/s/1/fs", MountRequest.FromSnapshot(mount, "web", forWriting: false).Data);
        MountRequest writing = MountRequest.FromSnapshot(mount, "web", forWriting: true);
        Assert.Equal("index=off,workdir=/s/2/work,upperdir=/s/a:2/fs,lowerdir=/s/1/fs", writing.Data);
        Assert.Equal(MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoExecution, writing.Flags);
    }

    [Theory]
    [InlineData("fuse3.fuse-overlayfs", "rw")]
    [InlineData("format/erofs", "rw")]
    [InlineData("ext4", "loop")]
    public void WhatTheKernelDoesNotMountAloneIsRefused(string type, string option) => Assert.Equal(
        "SnapshotNotMountable",
        Assert.Throws<ContainerdException>(() => MountRequest.FromSnapshot(new Mount { Type = type, Source = "x", Options = { option } }, "web", forWriting: false)).Reason);

    [Fact]
    public void FlagsAreParsedAndTheDaemonsOwnOptionsLeftOut()
    {
        MountRequest request = MountRequest.FromSnapshot(
            new Mount { Type = "ext4", Source = "/dev/mapper/x", Options = { "ro", "noatime", "discard", "uidmap=0:100000:65536", "X-containerd.mkdir.path=/x" } }, "web", forWriting: false);
        Assert.Equal("discard", request.Data);
        Assert.Equal(MountFlags.ReadOnly | MountFlags.NoAccessTime | MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoExecution, request.Flags);
    }

    [Oci.RootFact]
    public void MoreLayersThanOnePageHoldsAreMountedForThisProcessAlone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cps-roots-");
        string parent = Path.Combine(folder.FullName, new string('n', 150));
        var lower = new List<string>();
        for (int i = 0; i < 60; i++)
        {
            lower.Add(Directory.CreateDirectory(Path.Combine(parent, $"{i}", "fs")).FullName);
            File.WriteAllText(Path.Combine(lower[i], $"f{i}"), string.Empty);
        }

        try
        {
            var mount = new Mount { Type = "overlay", Source = "overlay", Options = { $"lowerdir={string.Join(':', lower)}" } };
            MountRequest request = MountRequest.FromSnapshot(mount, "web", forWriting: false);
            Assert.Equal(parent, request.Folder);
            string before = File.ReadAllText("/proc/self/mountinfo");
            PrivateMounts mounts = PrivateMounts.Make(request, [], null, "web");
            using (FileRoot root = FileRoot.OfContainer("web", mounts.Root, IdMap.Same, IdMap.Same, keeps: mounts))
            {
                Assert.Equal(60, PathPattern.Names(root, "/").Count);
                Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Oci.RootFact]
    public void AMountThatCannotBeMadeIsTold()
    {
        var e = Assert.Throws<ContainerdException>(() => PrivateMounts.Make(MountRequest.Bind("/no/such", recursive: false), [], null, "web"));
        Assert.Equal("SnapshotNotMountable", e.Reason);
    }

    [Oci.RootFact]
    public void AVolumeIsMountedInsideTheRootWhateverItsPlaceLinksTo()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cps-roots-");
        string root = folder.CreateSubdirectory("root").FullName;
        string volume = folder.CreateSubdirectory("volume").FullName;
        Directory.CreateDirectory(Path.Combine(root, "srv"));
        File.CreateSymbolicLink(Path.Combine(root, "data"), "/srv");
        File.CreateSymbolicLink(Path.Combine(root, "out"), folder.FullName);
        File.WriteAllText(Path.Combine(volume, "seen"), string.Empty);
        try
        {
            PrivateMounts mounts = PrivateMounts.Make(
                MountRequest.Bind(root, recursive: false), [(MountRequest.Bind(volume, recursive: true), "/data"), (MountRequest.Bind(volume, recursive: true), "/out")], null, "web");
            using FileRoot files = FileRoot.OfContainer("web", mounts.Root, IdMap.Same, IdMap.Same, mounts.Missing, mounts);
            Assert.Equal(["seen"], PathPattern.Names(files, "/srv"));
            Assert.Equal("/out", Assert.Single(files.MissingMounts).Path);
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root, "srv")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Wire.ContainersV1.Container Record(string runtime) =>
        new() { Id = "web", Runtime = new Wire.ContainersV1.Container.Types.Runtime { Name = runtime } };
}
