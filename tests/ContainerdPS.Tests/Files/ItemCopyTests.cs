using ContainerdPS.Files;
using ContainerdPS.Native;
using ContainerdPS.Tests.Oci;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace ContainerdPS.Tests.Files;

public sealed class ItemCopyTests
{
    [LinuxFact]
    public void AFileGetsTheNameGivenOrItsOwnInAFolder()
    {
        using CopyBench bench = new();
        bench.Run("echo a > root/a; mkdir local/into");
        bench.Out("/a", "b");
        bench.Out("/a", "into");
        bench.Out("a", "into/c");
        Assert.Equal("b\ninto\ninto/a\ninto/c\n", bench.Run("cd local; find * | sort"));
    }

    [LinuxFact]
    public void AFolderGetsTheNameGivenOrItsOwnInAFolder()
    {
        using CopyBench bench = new();
        bench.Run("mkdir -p root/d/e local/into local/merged; echo f > root/d/e/f");
        bench.Out("/d", "new");
        bench.Out("/d/", "new2/");
        bench.Out("/d", "into");
        bench.Out("/d/.", "merged");
        Assert.Equal("into/d/e/f\nmerged/e/f\nnew/e/f\nnew2/e/f\n", bench.Run("cd local; find * -type f | sort"));
    }

    [LinuxTheory]
    [InlineData("/none", "x", "PathNotFound")]
    [InlineData("/a/", "x", "NotAFolder")]
    [InlineData("/a/.", "x", "NotAFolder")]
    [InlineData("/a", "none/x", "DestinationNotFound")]
    [InlineData("/a", "none/", "DestinationNotFound")]
    [InlineData("/a", "file/", "DestinationNotFolder")]
    [InlineData("/a", "file/x", "NotAFolder")]
    [InlineData("/d", "file", "DestinationNotFolder")]
    [InlineData("/a", "readonly", "DestinationReadOnly")]
    [InlineData("/dangling/", "x", "LinkTargetNotFound")]
    [InlineData("/loop/", "x", "TooManyLinks")]
    [InlineData("/socket", "x", "UnsupportedFileType")]
    [InlineData("/a", "circle", "TooManyLinks")]
    public void RefusesWhatCannotBe(string from, string to, string reason)
    {
        using CopyBench bench = new();
        bench.Run("cd root; echo a > a; mkdir d; ln -s nowhere dangling; ln -s loop loop; cd ../local; echo f > file; echo r > readonly; chmod 444 readonly; ln -s circle circle");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(bench.Inside("socket")));
        var e = Assert.Throws<ContainerdException>(() => bench.Out(from, to));
        Assert.Equal(reason, e.Reason);
        Assert.Equal("circle\nfile\nreadonly\n", bench.Run("cd local; find * | sort"));
    }

    [LinuxFact]
    public void ForceReplacesWhatIsReadOnly()
    {
        using CopyBench bench = new();
        bench.Run("echo new > root/a; echo old > local/a; chmod 444 local/a");
        bench.Out("/a", "a", new CopyOptions { Force = true });
        Assert.Equal("new\n", File.ReadAllText(bench.Outside("a")));
    }

    [LinuxFact]
    public void KeepsModesTimesLinksAndFifos()
    {
        using CopyBench bench = new();
        bench.Run("""
            cd root; mkdir -p t/d; echo a > t/a; ln t/a t/d/again; ln -s ../none t/l; mkfifo -m 620 t/p
            chmod 640 t/a; chmod 2711 t/d; chmod 1777 t
            touch -h -d '2001-02-03 04:05:06.789' t/a t/l t/p t/d t
            """);
        CopyTally tally = bench.Out("/t", "t");
        Assert.Empty(tally.Failures);
        const string Show = "find t -printf '%P %M %l %n %TF %TT\\n' | sort";
        string was = bench.Run($"cd root; {Show}");
        Assert.Contains("2001-02-03 04:05:06.789", was, StringComparison.Ordinal);

        // What gives a caller others' rights comes along with the owner only.
        Assert.Equal(was.Replace("drwx--s--x", "drwx--x--x", StringComparison.Ordinal), bench.Run($"cd local; {Show}"));
        bench.Out("/t", "u", new CopyOptions { Archive = true });
        Assert.Equal(was.Replace("t", "u", StringComparison.Ordinal), bench.Run($"cd local; {Show.Replace("t ", "u ", StringComparison.Ordinal)}").Replace("t", "u", StringComparison.Ordinal));
        Assert.Equal((2, 2, 1), (tally.Files, tally.Links, tally.Folders - 1));
    }

    [RootFact]
    public void KeepsOwnersOnlyWhenToldTo()
    {
        using CopyBench bench = new();
        bench.Run("cd root; echo a > a; ln -s a l; chown -h 123:456 a l; chmod 6755 a; setfattr -n user.note -v hello a 2>/dev/null || true");
        bench.Out("/a", "plain");
        bench.Out("/a", "archived", new CopyOptions { Archive = true });
        bench.Out("/l", "link", new CopyOptions { Archive = true });
        bench.Out("/a", "given", new CopyOptions { Owner = (7, 8) });
        Assert.Equal("archived 123:456 6755\ngiven 7:8 755\nlink 123:456 777\nplain 0:0 755\n", bench.Run("cd local; find * -printf '%f %U:%G %m\\n' | sort"));
    }

    [RootFact]
    public void ShiftsOwnersByTheUserNamespace()
    {
        using CopyBench bench = new(ids: IdMap.Parse("         0     100000      65536\n"));
        bench.Run("echo a > local/a; chown 33:44 local/a; echo b > local/b; chown 70000 local/b; echo c > root/c; chown 100005:100006 root/c");
        bench.In("a", "/plain");
        bench.In("a", "/archived", new CopyOptions { Archive = true });
        bench.Out("/c", "c", new CopyOptions { Archive = true });
        Assert.Equal("OwnerNotMapped", Assert.Throws<ContainerdException>(() => bench.In("b", "/b", new CopyOptions { Archive = true })).Reason);
        Assert.Equal("archived 100033:100044\nc 100005:100006\nplain 100000:100000\n", bench.Run("cd root; find * -printf '%f %U:%G\\n' | sort"));
        Assert.Equal("5:6\n", bench.Run("stat -c %u:%g local/c"));
    }

    [LinuxFact]
    public void KeepsHoles()
    {
        using CopyBench bench = new();
        bench.Run("truncate -s 40G root/sparse; printf begin | dd of=root/sparse conv=notrunc status=none; printf middle | dd of=root/sparse bs=1M seek=20000 conv=notrunc status=none");
        CopyTally tally = bench.Out("/sparse", "sparse");
        Assert.True(tally.Bytes < 1_000_000, $"{tally.Bytes} bytes were copied.");
        Assert.Equal("42949672960 yes\n", bench.Run("stat -c %s local/sparse | tr '\\n' ' '; test $(stat -c %b local/sparse) -lt 2000 && echo yes"));
        Assert.Equal("begin|middle\n", bench.Run("head -c 5 local/sparse; printf '|'; dd if=local/sparse bs=1M skip=20000 count=1 status=none | head -c 6; echo"));
    }

    [LinuxFact]
    public void ReadsWhatTheKernelMakesAsItIsRead()
    {
        using CopyBench bench = new();
        using var root = FileRoot.OfContainer("web", FolderCalls.OpenPath("/proc", followLast: true, out _)!, IdMap.Same, IdMap.Same);
        ItemCopy.Run(root, ItemPath.InContainer("/version"), FileRoot.Local, ItemPath.OnThisMachine(bench.Outside("v"), "v"), new CopyOptions(), bench.Register, new CopyTally(), default);
        Assert.Equal(File.ReadAllText("/proc/version"), File.ReadAllText(bench.Outside("v")));
        var e = Assert.Throws<ContainerdException>(() => ItemCopy.Run(
            root, ItemPath.InContainer("/"), FileRoot.Local, ItemPath.OnThisMachine(bench.Outside("all"), "all"), new CopyOptions(), bench.Register, new CopyTally(), default));
        Assert.Equal("KernelFileSystem", e.Reason);
    }

    [LinuxFact]
    public void NeverFollowsALinkThatWasCopiedOutBefore()
    {
        using CopyBench bench = new();
        bench.Run($"mkdir root/t; ln -s '{bench.CanaryFolder}' root/t/x");
        bench.Out("/t/.", "t");
        bench.Run("rm root/t/x; mkdir root/t/x; echo evil > root/t/x/secret");
        bench.NextCommand();
        CopyTally tally = bench.Out("/t/.", "t");
        Assert.Equal("DestinationNotFolder", Assert.Single(tally.Failures).Reason);
        bench.AssertCanaryUntouched();
    }

    [LinuxFact]
    public void FollowsALinkToAFolderInsideTheContainer()
    {
        using CopyBench bench = new();
        bench.Run("mkdir -p root/usr/bin local/t/bin; ln -s usr/bin root/bin; echo tool > local/t/bin/tool; ln -s ../usr/made root/usr/later");
        bench.In("t/.", "/");
        bench.In("t/bin/tool", "/usr/later");
        Assert.Equal("tool\n", File.ReadAllText(bench.Inside("usr/bin/tool")));
        Assert.NotNull(new FileInfo(bench.Inside("bin")).LinkTarget);
        Assert.Equal("tool\n", File.ReadAllText(bench.Inside("usr/made")));
    }

    [LinuxFact]
    public void FollowsLinksWhenToldTo()
    {
        using CopyBench bench = new();
        bench.Run($"cd root; mkdir -p t/d x; echo a > x/a; ln -s /x/a t/a; ln -s ../x t/x; ln -s ../../t t/d/back; ln -s nowhere t/gone; ln -s '{bench.CanaryFolder}/secret' t/secret");
        CopyTally tally = bench.Out("/t", "t", new CopyOptions { FollowLinks = true });
        Assert.Equal(["LinkCycle", "LinkTargetNotFound", "LinkTargetNotFound"], tally.Failures.Select(static e => e.Reason).Order(StringComparer.Ordinal));
        Assert.Equal("a\nx/a\n", bench.Run("cd local/t; find * -type f | sort"));
    }

    [LinuxFact]
    public void DoesNotCopyIntoItself()
    {
        using CopyBench bench = new();
        bench.Run("mkdir -p root/t/in; echo a > root/t/a");
        CopyTally tally = bench.Within("/t", "/t/in");
        Assert.Equal("CopyIntoItself", Assert.Single(tally.Failures).Reason);
        Assert.Equal("a\nin\nin/t\nin/t/a\nin/t/in\n", bench.Run("cd root/t; find * | sort"));
        Assert.Equal("SameFile", Assert.Throws<ContainerdException>(() => bench.Within("/t/a", "/t/a")).Reason);
        Assert.Equal("CopyIntoItself", Assert.Throws<ContainerdException>(() => bench.Within("/t/.", "/t")).Reason);
    }

    [LinuxFact]
    public void CopiesNoItemOverAnother()
    {
        using CopyBench bench = new();
        bench.Run("echo a > root/a; echo b > root/b; mkdir root/c root/d");
        bench.Out("/a", "new");
        Assert.Equal("DestinationTaken", Assert.Throws<ContainerdException>(() => bench.Out("/b", "new")).Reason);
        bench.Out("/c", "folder");
        Assert.Equal("DestinationTaken", Assert.Throws<ContainerdException>(() => bench.Out("/d", "folder")).Reason);
        Assert.Equal("a\n", File.ReadAllText(bench.Outside("new")));
    }

    [LinuxFact]
    public void SurvivesTheDeepestTree()
    {
        using CopyBench bench = new();
        SafeFileHandle folder = FolderCalls.OpenRootFolder(bench.Inside(string.Empty), out _)!;
        for (int i = 0; i < 2100; i++)
        {
            using SafeFileHandle above = folder;
            Assert.Equal(0, EntryCalls.MakeFolder(above, "t"));
            folder = FolderCalls.OpenFolder(above, "t", out _)!;
        }

        folder.Dispose();
        CopyTally tally = bench.Out("/t", "t");
        Assert.Equal("NestedTooDeeply", Assert.Single(tally.Failures).Reason);
        Assert.Equal(2048, tally.Folders);
    }

    [LinuxFact]
    public void CopiesNamesOfOtherEncodings()
    {
        using CopyBench bench = new();
        bench.Run("mkdir root/t; echo a > root/t/$(printf 'a\\344\\377z')");
        bench.Out("/t", "t");
        Assert.Equal("a\\344\\377z\n", bench.Run("cd local/t; LC_ALL=C ls -b"));
    }

    [LinuxFact]
    public void LeavesNothingWhenItIsCancelled()
    {
        using CopyBench bench = new();
        bench.Run("head -c 64M /dev/zero | tr '\\0' x > root/big; echo old > local/big");
        using var cancel = new CancellationTokenSource();
        var tally = new CancellingTally(cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => ItemCopy.Run(
            bench.Root, ItemPath.InContainer("/big"), FileRoot.Local, ItemPath.OnThisMachine(bench.Outside("big"), "big"), new CopyOptions(), bench.Register, tally, cancel.Token));
        Assert.InRange(tally.Bytes, 1, (64L << 20) - 1);
        Assert.Equal("old\n", File.ReadAllText(bench.Outside("big")));
        Assert.Equal("big\n", bench.Run("ls -A local"));
    }

    [RootFact]
    public void TellsOfAFullDisk()
    {
        using CopyBench bench = new();
        bench.Run("mkdir local/small root/t; mount -t tmpfs -o size=1m tmpfs local/small; echo a > root/t/a; head -c 3M /dev/urandom > root/t/b");
        try
        {
            Assert.Equal("DiskFull", Assert.Throws<ContainerdException>(() => bench.Out("/t", "small/t")).Reason);
            Assert.DoesNotContain(".containerdps", bench.Run("find local/small"), StringComparison.Ordinal);
            bench.Run("mount -o remount,ro local/small");
            bench.NextCommand();
            Assert.Equal("ReadOnlyFileSystem", Assert.Throws<ContainerdException>(() => bench.Out("/t/a", "small/c")).Reason);
        }
        finally
        {
            bench.Run("umount local/small");
        }
    }

    [RootFact]
    public void LeavesDevicesOutAndDoesNotOpenThem()
    {
        using CopyBench bench = new();
        bench.Run("mkdir root/t; mknod root/t/null c 1 3; mknod root/t/disk b 253 0; echo a > root/t/a; mknod root/disk b 253 0");
        CopyTally tally = bench.Out("/t", "t");
        Assert.Empty(tally.Failures);
        Assert.Contains("/t/null", Assert.Single(tally.Notices()), StringComparison.Ordinal);
        Assert.Equal("a\n", bench.Run("ls local/t"));
        Assert.Equal("UnsupportedFileType", Assert.Throws<ContainerdException>(() => bench.Out("/disk", "disk")).Reason);
        Assert.Equal("UnsupportedFileType", Assert.Throws<ContainerdException>(() => bench.Out("/disk", "disk", new CopyOptions { Archive = true })).Reason);
    }

    [LinuxFact]
    public void TellsOfNamesThatAreTooLong()
    {
        using CopyBench bench = new();
        bench.Run("echo a > root/a");
        Assert.Equal("NameTooLong", Assert.Throws<ContainerdException>(() => bench.Out("/a", new string('n', 300))).Reason);
        Assert.Equal("NameTooLong", Assert.Throws<ContainerdException>(() => bench.Out("/" + string.Concat(Enumerable.Repeat("d/", 3000)), "x")).Reason);
        Assert.Equal(string.Empty, bench.Run("ls -A local"));
    }

    /// <summary>Cancels the copy when its first bytes are there.</summary>
    private sealed class CancellingTally(CancellationTokenSource cancel) : CopyTally
    {
        public override void AddBytes(long count)
        {
            base.AddBytes(count);
            cancel.Cancel();
        }
    }
}
