using System.Text;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class DigestTests
{
    private const string OfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string OfAbc512 =
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    [Fact]
    public async Task KnownHashesAreComputed()
    {
        Assert.Equal(OfAbc, Digest.Compute("abc"u8).ToString());
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes("abc"));
        Assert.Equal(OfAbc512, (await Digest.ComputeAsync(stream, CancellationToken.None, "sha512")).ToString());
        Assert.True(Digest.Parse(OfAbc512).Matches("abc"u8));
        Assert.False(Digest.Parse(OfAbc).Matches("abd"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData(":ba78")]
    [InlineData("sha256:")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("sha256:../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("md5:900150983cd24fb0d6963f7d28e17f72")]
    public void WhatIsNoDigestIsRefused(string text)
    {
        var error = Assert.Throws<ContainerdException>(() => Digest.Parse(text));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.False(Digest.IsValid(text));
    }

    [Fact]
    public void ChainIdsStackUp()
    {
        string a = "sha256:" + new string('a', 64);
        string b = "sha256:" + new string('b', 64);
        Assert.Null(ChainId.Of([]));
        Assert.Equal(a, ChainId.Of([a]));
        Assert.Equal(Digest.Compute(Encoding.ASCII.GetBytes($"{a} {b}")).ToString(), ChainId.Of([a, b]));
        Assert.Equal(3, ChainId.All([a, b, a]).Count);
        // Computed apart with: printf 'sha256:aa.. sha256:bb..' | sha256sum
        Assert.Equal("sha256:ccd722928bd92476ba1745586fed6e45a102504185ad88cd89e01ff116fd146c", ChainId.All([a, b, a])[1]);
        Assert.Throws<ContainerdException>(() => ChainId.Of(["latest"]));
    }
}
