using ContainerdPS.Images;
using ContainerdPS.Wire.ImagesV1;
using Xunit;

namespace ContainerdPS.Tests.Faults;

/// <summary>What is sent to change a part of an image.</summary>
public sealed class ImageUpdateTests : FaultTest
{
    [Fact]
    public async Task AChangeOfLabelsCarriesATargetThatItsMaskLeavesOut()
    {
        UpdateImageRequest? sent = null;
        Daemon.On<UpdateImageRequest>("images.v1.Images/Update", (request, _) =>
        {
            sent = request;
            return new UpdateImageResponse { Image = request.Image };
        });
        await ImageChange.LabelAsync(Client, "box", new Dictionary<string, string> { ["team"] = "web" }, default);
        Assert.NotNull(sent);
        Assert.Equal(["labels.team"], sent.UpdateMask.Paths);

        // Without one, daemons from 1.7 on end with a panic.
        Assert.NotNull(sent.Image.Target);
    }
}
