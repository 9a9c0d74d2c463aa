using ContainerdPS.Files;
using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>What the end of a path asks for, and what a pattern finds.</summary>
public sealed class ItemPathTests
{
    [Theory]
    [InlineData("etc", "/etc", "etc", false, false)]
    [InlineData("/etc/nginx", "/etc/nginx", "nginx", false, false)]
    [InlineData("/etc/nginx/", "/etc/nginx", "nginx", true, false)]
    [InlineData("//etc/./nginx//", "/etc/nginx", "nginx", true, false)]
    [InlineData("/etc/nginx/.", "/etc/nginx", "", false, true)]
    [InlineData("/etc/..", "/etc/..", "", false, true)]
    [InlineData("/", "/", "", true, true)]
    [InlineData("", "/", "", false, true)]
    [InlineData(".", "/", "", false, true)]
    [InlineData("a:b", "/a:b", "a:b", false, false)]
    public void ReadsPathsInContainers(string text, string path, string name, bool mustBeFolder, bool isContents)
    {
        ItemPath read = ItemPath.InContainer(text);
        Assert.Equal((path, name, mustBeFolder, isContents), (read.FullName, read.Name, read.MustBeFolder, read.IsContents));
    }

    [Fact]
    public void KnowsTheFolderAbove()
    {
        Assert.Equal("/", ItemPath.InContainer("/etc").Parent);
        Assert.Equal("/etc", ItemPath.InContainer("/etc/nginx").Parent);
    }

    [LinuxFact]
    public void FindsWhatFitsAPattern()
    {
        using CopyBench bench = new();
        bench.Run("cd root; mkdir -p a/x b/x c; touch a/x/1 b/x/2 b/x/.3 c/4; ln -s b d");
        PathPattern.Part any = new(null, static _ => true, Hidden: false);
        PathPattern.Part x = new("x", null, Hidden: false);
        Assert.Equal(["/a/x/1", "/b/x/2", "/d/x/2"], PathPattern.Expand(bench.Root, [any, x, any], default));
        Assert.Equal(["/a/x", "/b/x", "/d/x"], PathPattern.Expand(bench.Root, [any, x], default));
        Assert.Equal(["/b/x/.3", "/b/x/2"], PathPattern.Expand(bench.Root, [new("b", null, false), x, any with { Hidden = true }], default));
        Assert.Empty(PathPattern.Expand(bench.Root, [new("none", null, false), any], default));
    }

    [Theory]
    [InlineData(0u, 100000u)]
    [InlineData(999u, 100999u)]
    [InlineData(1000u, null)]
    [InlineData(2000u, 5u)]
    public void MapsIds(uint inside, uint? outside)
    {
        IdMap map = IdMap.Parse("         0     100000       1000\n      2000          5          1\n");
        Assert.Equal(outside, map.ToOutside(inside));
        Assert.Equal(outside is null ? 65534 : inside, map.ToInside(outside ?? 77));
    }
}
