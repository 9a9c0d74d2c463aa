using ContainerdPS.Files;
using ContainerdPS.Native;
using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>Paths are resolved inside the root, by the kernel and by steps alike.</summary>
public sealed class FileRootTests
{
    [LinuxTheory]
    [InlineData("/f", "/f")]
    [InlineData("/d/../f", "/f")]
    [InlineData("/../../../f", "/f")]
    [InlineData("/d/absolute", "/f")]
    [InlineData("/d/relative", "/f")]
    [InlineData("/d/above", "/f")]
    [InlineData("/folder/f", "/d/f")]
    [InlineData("/folder/../f", "/f")]
    [InlineData("/up/f", "/f")]
    [InlineData("/", "/")]
    [InlineData("/d/..", "/")]
    [InlineData("/folder", "/d")]
    public void ResolvesInsideTheRoot(string path, string place)
    {
        foreach (bool bySteps in (bool[])[false, true])
        {
            using CopyBench bench = Bench(bySteps);
            using FileItem? found = bench.Root.Find(path, followLast: true, out int error);
            Assert.True(found is not null, $"errno {error} by steps: {bySteps}");
            Assert.Equal(0, StatxCall.Read(bench.Inside(place.TrimStart('/')), out FileStatus status));
            Assert.Equal(status.Identity, found.Status.Identity);
        }
    }

    [LinuxTheory]
    [InlineData("/none", Errno.ENOENT)]
    [InlineData("/none/f", Errno.ENOENT)]
    [InlineData("/f/x", Errno.ENOTDIR)]
    [InlineData("/loop", Errno.ELOOP)]
    [InlineData("/dangling", Errno.ENOENT)]
    [InlineData("/canary", Errno.ENOENT)]
    [InlineData("/canary/secret", Errno.ENOENT)]
    [InlineData("/climbing/secret", Errno.ENOENT)]
    public void FindsNothingElsewhere(string path, int expected)
    {
        foreach (bool bySteps in (bool[])[false, true])
        {
            using CopyBench bench = Bench(bySteps);
            using FileItem? found = bench.Root.Find(path, followLast: true, out int error);
            Assert.Null(found);
            Assert.Equal(expected, error);
        }
    }

    [LinuxFact]
    public void LeavesALinkAtTheEndWhenToldTo()
    {
        foreach (bool bySteps in (bool[])[false, true])
        {
            using CopyBench bench = Bench(bySteps);
            using FileItem? found = bench.Root.Find("/canary", followLast: false, out _);
            Assert.True(found!.Status.IsSymbolicLink);
            Assert.Equal(bench.CanaryFolder, found.ReadLink());
        }
    }

    [LinuxFact]
    public void RefusesTheKernelsOwnLinks()
    {
        using var root = FileRoot.OfContainer("web", FolderCalls.OpenPath("/", followLast: true, out _)!, IdMap.Same, IdMap.Same);
        using FileItem? found = root.Find("/proc/self/root", followLast: true, out int error);
        Assert.Null(found);
        Assert.Equal(Errno.ELOOP, error);
    }

    [LinuxFact]
    public void NamesOfOtherEncodingsSurvive()
    {
        byte[] name = [(byte)'a', 0xE4, 0xFF, (byte)'z', 0xC3, 0xBC, 0xF0, 0x9F, 0x98, 0x80];
        string text = FileNames.Decode(name);
        byte[] again = new byte[FileNames.MaxLength(text)];
        Assert.Equal(name, again[..FileNames.Encode(text, again)]);
        Assert.EndsWith("zü😀", text, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void LeavesNoDescriptorOpen()
    {
        foreach (bool bySteps in (bool[])[false, true])
        {
            using CopyBench bench = Bench(bySteps);
            for (int i = 0; i < 20; i++)
            {
                bench.Root.Find("/d/relative", followLast: true, out _)?.Dispose();
                bench.Root.Find("/loop", followLast: true, out _)?.Dispose();
                bench.Root.Find("/f/x", followLast: true, out _)?.Dispose();
            }

            string[] open = [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(static file => new FileInfo(file).LinkTarget ?? string.Empty)];
            Assert.Single(open, target => target.StartsWith(bench.Inside(string.Empty).TrimEnd('/'), StringComparison.Ordinal));
        }
    }

    private static CopyBench Bench(bool bySteps)
    {
        var bench = new CopyBench(bySteps);
        bench.Run($"""
            cd root; echo f > f; mkdir d; echo df > d/f
            ln -s /f d/absolute; ln -s ../f d/relative; ln -s ../../../../f d/above
            ln -s d folder; ln -s .. up; ln -s loop2 loop; ln -s loop loop2; ln -s nowhere dangling
            ln -s '{bench.CanaryFolder}' canary; ln -s ../canary climbing
            """);
        return bench;
    }
}
