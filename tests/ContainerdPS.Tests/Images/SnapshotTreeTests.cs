using ContainerdPS.Snapshots;
using ContainerdPS.Wire.SnapshotsV1;
using Xunit;

namespace ContainerdPS.Tests.Images;

/// <summary>Snapshots by their parents.</summary>
public sealed class SnapshotTreeTests
{
    [Fact]
    public void DrawsTheLinesThatLeadToEach()
    {
        var tree = new SnapshotTree([Of("top", ""), Of("a", "top"), Of("a1", "a"), Of("a2", "a"), Of("b", "top"), Of("b1", "b"), Of("lost", "gone")]);
        Assert.Equal(["lost", "top"], tree.Tops.Select(static info => info.Name));
        Assert.Equal(
            ["top", "├ a", "│ ├ a1", "│ └ a2", "└ b", "  └ b1"],
            tree.Down(tree.Find("top")!).Select(static entry => entry.Place.Branch + entry.Info.Name));
        Assert.Equal([0, 1, 2, 2, 1, 2], tree.Down(tree.Find("top")!).Select(static entry => entry.Place.Depth));
        Assert.Equal(["a", "top"], tree.Up(tree.Find("a2")!).Select(static info => info.Name));
    }

    private static Info Of(string name, string parent) => new() { Name = name, Parent = parent };
}
