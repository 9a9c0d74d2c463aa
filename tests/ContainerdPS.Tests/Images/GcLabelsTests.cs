using ContainerdPS.Images.Archives;
using Xunit;

namespace ContainerdPS.Tests.Images;

public sealed class GcLabelsTests
{
    [Fact]
    public void EachKindOfBlobSaysWhatItNeeds()
    {
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["containerd.io/gc.ref.content.config"] = "c",
                ["containerd.io/gc.ref.content.l.0"] = "a",
                ["containerd.io/gc.ref.content.l.1"] = "b",
            },
            GcLabels.ForManifest("c", ["a", "b"]));
        Assert.Equal(
            new Dictionary<string, string> { ["containerd.io/gc.ref.content.m.0"] = "a", ["containerd.io/gc.ref.content.m.1"] = "b" },
            GcLabels.ForIndex(["a", "b"]));
        Assert.Equal(new Dictionary<string, string> { ["containerd.io/gc.ref.snapshot.overlayfs"] = "chain" }, GcLabels.ForUnpackedConfig("overlayfs", "chain"));
        Assert.Equal(new Dictionary<string, string> { ["containerd.io/uncompressed"] = "diff" }, GcLabels.ForUnpackedLayer("diff"));
    }
}
