using System.Diagnostics;
using System.Runtime.InteropServices;
using ContainerdPS.Oci.SpecOptions;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class MountedLayersRootFileSystemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ABindMountIsItsFolder()
    {
        _folder.Add("root/etc/passwd", "p");
        IRootFileSystem root = Bind("root");
        Assert.Equal("p", Read(root, "/etc/passwd"));
        Assert.Null(Read(root, "/etc/none"));
        Assert.Null(Read(root, "/etc"));
        Assert.Null(Read(root, "/etc/passwd/x"));
        Assert.Null(Read(root, "/"));
    }

    [Fact]
    public void TheUpperLayerWinsThenTheLowersInOrder()
    {
        _folder.Add("up/etc/a", "up");
        _folder.Add("l1/etc/a", "l1");
        _folder.Add("l1/etc/b", "l1");
        _folder.Add("l2/etc/b", "l2");
        _folder.Add("l2/etc/c", "l2");
        IRootFileSystem root = Overlay("up", "l1", "l2");
        Assert.Equal("up", Read(root, "/etc/a"));
        Assert.Equal("l1", Read(root, "/etc/b"));
        Assert.Equal("l2", Read(root, "/etc/c"));
        Assert.Equal("l1", Read(Overlay(null, "l1", "l2"), "/etc/a"));
    }

    [Fact]
    public void AFileHidesAFolderBelowAndTheOtherWayRound()
    {
        _folder.Add("up/x", "file");
        _folder.Add("l1/x/y", "hidden");
        _folder.Add("up/d/f", "f");
        _folder.Add("l1/d", "file");
        _folder.Add("l2/d/g", "hidden");
        IRootFileSystem root = Overlay("up", "l1", "l2");
        Assert.Equal("file", Read(root, "/x"));
        Assert.Null(Read(root, "/x/y"));
        Assert.Equal("f", Read(root, "/d/f"));
        Assert.Null(Read(root, "/d/g"));
    }

    [RootFact]
    public void WhiteoutsAndOpaqueFoldersHideWhatIsBelow()
    {
        _folder.Add("l1/etc/gone", "x");
        _folder.Add("l1/dir/old", "x");
        _folder.Add("l1/whole/old", "x");
        _folder.Add("up/etc");
        _folder.Add("up/dir/new", "new");
        Run("mknod", Path.Combine(_folder.FullName, "up/etc/gone"), "c", "0", "0");
        Run("mknod", Path.Combine(_folder.FullName, "up/whole"), "c", "0", "0");
        IRootFileSystem root = Overlay("up", "l1");
        Assert.Equal("x", Read(root, "/dir/old"));
        SetOpaque(Path.Combine(_folder.FullName, "up/dir"));
        Assert.Null(Read(root, "/etc/gone"));
        Assert.Null(Read(root, "/whole/old"));
        Assert.Null(Read(root, "/dir/old"));
        Assert.Equal("new", Read(root, "/dir/new"));
    }

    [Theory]
    [InlineData("../usr/lib/passwd")]
    [InlineData("/usr/lib/passwd")]
    [InlineData("../../../../../usr/lib/passwd")]
    [InlineData("/lnk/passwd")]
    [InlineData("../lnk/../lib/passwd")]
    public void LinksAreResolvedInsideTheRoot(string target)
    {
        _folder.Link("up/etc/passwd", target);
        _folder.Add("l1/usr/lib/passwd", "inside");
        _folder.Link("l1/lnk", "usr/lib");
        Assert.Equal("inside", Read(Overlay("up", "l1"), "/etc/passwd"));
    }

    [Fact]
    public void LinksNeverLeadOutOfTheRoot()
    {
        string secret = _folder.Add("secret", "secret");
        _folder.Link("root/abs", secret);
        _folder.Link("root/rel", "../secret");
        _folder.Link("root/dir", _folder.FullName);
        _folder.Link("root/up", "..");
        IRootFileSystem root = Bind("root");
        Assert.Null(Read(root, "/abs"));
        Assert.Null(Read(root, "/rel"));
        Assert.Null(Read(root, "/dir/secret"));
        Assert.Null(Read(root, "/up/secret"));
        Assert.Null(Read(root, "/../secret"));
    }

    [Fact]
    public void LinksInCirclesAreAnError()
    {
        _folder.Link("root/a", "b");
        _folder.Link("root/b", "/a");
        var error = Assert.Throws<ContainerdException>(() => Read(Bind("root"), "/a"));
        Assert.Contains("circles", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFifoInPlaceOfAFileDoesNotBlock()
    {
        _folder.Add("root/etc");
        Run("mkfifo", Path.Combine(_folder.FullName, "root/etc/passwd"));
        Assert.Null(Read(Bind("root"), "/etc/passwd"));
    }

    [Fact]
    public void FolderNamesMayHoldColons()
    {
        _folder.Add("a:b/f", "colon");
        string lower = Path.Combine(_folder.FullName, "a:b").Replace(":", "\\:", StringComparison.Ordinal);
        IRootFileSystem root = MountedLayersRootFileSystem.Create(
            [new RootFileSystemMount("overlay", "overlay", ["index=off", $"lowerdir={_folder.Add("l0")}:{lower}"])]);
        Assert.Equal("colon", Read(root, "/f"));
    }

    [Fact]
    public void WhatCannotBeReadIsSaid()
    {
        Assert.Equal(
            ContainerdErrorCode.Unimplemented,
            Assert.Throws<ContainerdException>(() => Read(MountedLayersRootFileSystem.Create([new RootFileSystemMount("ext4", "/dev/sdz", [])]), "/f")).Code);
        Assert.Equal(
            ContainerdErrorCode.Unimplemented,
            Assert.Throws<ContainerdException>(() => Read(MountedLayersRootFileSystem.Create([]), "/f")).Code);
        Assert.Equal(
            ContainerdErrorCode.NotFound,
            Assert.Throws<ContainerdException>(() => Read(Bind("nothing"), "/f")).Code);
    }

    [Fact]
    public void NoDescriptorIsLeftOpen()
    {
        _folder.Add("up/etc/passwd", "p");
        _folder.Add("l1/etc/group", "g");
        _folder.Link("l1/loop", "loop");
        IRootFileSystem root = Overlay("up", "l1");
        for (int i = 0; i < 20; i++)
        {
            Read(root, "/etc/passwd");
            Read(root, "/etc/nothing/here");
            Read(root, "/etc/passwd/x");
            Assert.Throws<ContainerdException>(() => Read(root, "/loop"));
        }

        string[] open = [.. Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        Assert.DoesNotContain(open, target => target.StartsWith(_folder.FullName, StringComparison.Ordinal));
    }

    private static string? Read(IRootFileSystem root, string path)
    {
        using Stream? stream = root.OpenRead(path);
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }

    private MountedLayersRootFileSystem Bind(string name) =>
        MountedLayersRootFileSystem.Create([new RootFileSystemMount("bind", Path.Combine(_folder.FullName, name), ["rbind", "ro"])]);

    private MountedLayersRootFileSystem Overlay(string? upper, params string[] lowers)
    {
        var options = new List<string> { $"lowerdir={string.Join(':', lowers.Select(name => _folder.Add(name)))}" };
        if (upper is not null)
        {
            options.InsertRange(0, ["workdir=/nowhere", $"upperdir={_folder.Add(upper)}"]);
        }

        return MountedLayersRootFileSystem.Create([new RootFileSystemMount("overlay", "overlay", options)]);
    }

    private static void SetOpaque(string path) => Assert.Equal(0, SetAttribute(path, "trusted.overlay.opaque", "y"u8.ToArray(), 1, 0));

    [DllImport("libc", EntryPoint = "setxattr", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int SetAttribute(string path, string name, byte[] value, nuint size, int flags);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
