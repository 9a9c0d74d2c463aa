using System.Globalization;
using System.Text.RegularExpressions;
using ContainerdPS.Wire.ImagesV1;
using FakeContainerd;
using Grpc.Core;
using Xunit;
using BlobDigest = ContainerdPS.Oci.Image.Digest;

namespace ContainerdPS.Tests.Faults;

/// <summary>Lists of images that a daemon cannot send in one message.</summary>
public sealed class ImageListFaultTests : FaultTest
{
    private const string List = "images.v1.Images/List";

    [Fact]
    public async Task ImagesOfManyDigestsComeInParts()
    {
        Images(3000, limit: 700, static i => $"registry.test/box{i}:latest", Digest);
        await ListedAsync(3000);
        Assert.InRange(Daemon.Calls.Count, 2, 60);
    }

    [Fact]
    public async Task ManyTagsOfOneImageComeInParts()
    {
        Images(3000, limit: 700, static i => $"registry.test/box:{i}", static _ => Digest(1));
        await ListedAsync(3000);
        Assert.InRange(Daemon.Calls.Count, 2, 60);
    }

    [Fact]
    public async Task NamesThatEndAlikeComeInParts()
    {
        Images(2000, limit: 300, static i => $"{new string('x', i % 7)}{i}/box:latest", static _ => Digest(1));
        await ListedAsync(2000);
    }

    [Fact]
    public async Task NamesThatAreTheEndsOfOthersComeOnce()
    {
        Images(40, limit: 3, static i => new string('é', i + 1), static _ => Digest(1));
        await ListedAsync(40);
    }

    [Fact]
    public async Task EveryFilterIsNarrowed()
    {
        Images(900, limit: 400, static i => $"box{i}", Digest);
        IReadOnlyList<Image> images = await Client.Images.ListAsync(["name~=\"box[0-4]\"", "name~=\"box[5-9]\""], default);
        Assert.Equal(900, images.Count);
    }

    [Fact]
    public async Task AnImageTooLargeForAnyMessageIsTold()
    {
        Images(1, limit: 0, static _ => "box", Digest);
        var error = await Assert.ThrowsAsync<ContainerdException>(() => Client.Images.ListAsync([], default));
        Assert.Equal("ImageListTooLarge", error.Reason);
        Assert.Equal(ContainerdErrorCode.ResourceExhausted, error.Code);
    }

    [Fact]
    public async Task AnotherExhaustionIsNotTakenForIt()
    {
        Daemon.Fail(List, StatusCode.ResourceExhausted, "no memory");
        var error = await Assert.ThrowsAsync<ContainerdException>(() => Client.Images.ListAsync([], default));
        Assert.Equal("no memory", error.DaemonMessage);
        Assert.Single(Daemon.Calls);
    }

    private static string Digest(int i) => BlobDigest.Compute(System.Text.Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))).ToString();

    private static bool Matches(Image image, string filter) =>
        Regex.Matches(filter, "(name|target\\.digest)~=\"([^\"]*)\"").All(selector => Regex.IsMatch(selector.Groups[1].Value == "name" ? image.Name : image.Target.Digest, selector.Groups[2].Value));

    private void Images(int count, int limit, Func<int, string> name, Func<int, string> digest)
    {
        Image[] all = [.. Enumerable.Range(0, count).Select(i => new Image { Name = name(i), Target = new Wire.Types.ContentDescriptor { Digest = digest(i) } })];
        Daemon.On<ListImagesRequest>(List, (request, _) =>
        {
            Image[] wanted = request.Filters.Count == 0 ? all : [.. all.Where(image => request.Filters.Any(filter => Matches(image, filter)))];
            return wanted.Length <= limit ? new ListImagesResponse { Images = { wanted } } : throw new RpcException(new Status(StatusCode.ResourceExhausted, "grpc: trying to send message larger than max (20000000 vs. 16777216)"));
        });
    }

    private async Task ListedAsync(int count)
    {
        IReadOnlyList<Image> images = await Client.Images.ListAsync([], default);
        Assert.Equal(count, images.Count);
        Assert.Equal(count, images.Select(static image => image.Name).Distinct().Count());
        Assert.Equal(images.Select(static image => image.Name).Order(StringComparer.Ordinal), images.Select(static image => image.Name));
    }
}
