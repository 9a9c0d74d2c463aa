using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/x86_64", "linux/amd64")]
    [InlineData("linux/amd64/v1", "linux/amd64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("linux/armhf", "linux/arm/v7")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("linux/i386", "linux/386")]
    [InlineData("macos/arm64", "darwin/arm64")]
    [InlineData("windows/amd64", "windows/amd64")]
    public void NamesAreNormalised(string text, string expected) => Assert.Equal(expected, Platforms.Parse(text).ToString());

    [Fact]
    public void WhatIsLeftOutIsTheHosts()
    {
        Assert.Equal($"{Platforms.Host.Os}/arm64", Platforms.Parse("arm64").ToString());
        Assert.Equal(Platforms.Host.Architecture, Platforms.Parse("linux").Architecture);
        Assert.Equal("10.0.20348", Platforms.Parse("windows(10.0.20348)/amd64").OsVersion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("linux/")]
    [InlineData("a/b/c/d")]
    [InlineData("nonsense")]
    [InlineData("linux/am d64")]
    public void WhatIsNoPlatformIsRefused(string text) =>
        Assert.Equal(ContainerdErrorCode.InvalidArgument, Assert.Throws<ContainerdException>(() => Platforms.Parse(text)).Code);

    [Theory]
    [InlineData("linux/amd64", "linux/amd64", 0)]
    [InlineData("linux/amd64", "linux/386", 1)]
    [InlineData("linux/amd64", "linux/amd64/v2", -1)]
    [InlineData("linux/amd64/v3", "linux/amd64", 2)]
    [InlineData("linux/arm64", "linux/arm64/v8", 0)]
    [InlineData("linux/arm64", "linux/arm/v8", 1)]
    [InlineData("linux/arm64", "linux/arm", 2)]
    [InlineData("linux/arm/v7", "linux/arm/v6", 1)]
    [InlineData("linux/arm/v6", "linux/arm/v7", -1)]
    [InlineData("linux/amd64", "linux/arm64", -1)]
    [InlineData("linux/amd64", "windows/amd64", -1)]
    [InlineData("windows(10.0.20348.1)/amd64", "windows(10.0.20348.2700)/amd64", 0)]
    [InlineData("windows(10.0.20348)/amd64", "windows(10.0.17763.1)/amd64", -1)]
    public void OlderMachinesAreAcceptedAfterTheWantedOne(string wanted, string given, int rank)
    {
        Assert.Equal(rank, PlatformMatcher.For(Platforms.Parse(wanted)).Rank(Platforms.Parse(given)));
        Assert.Equal(rank == 0, PlatformMatcher.Exactly(Platforms.Parse(wanted)).Matches(Platforms.Parse(given)));
    }

    [Fact]
    public void TheBestManifestOfAnIndexIsChosen()
    {
        static OciDescriptor Of(string? platform) => new() { Platform = platform is null ? null : Platforms.Parse(platform), Digest = platform ?? "" };
        OciDescriptor[] manifests = [Of(null), Of("linux/386"), Of("linux/arm64"), Of("linux/amd64")];
        Assert.Equal("linux/amd64", PlatformMatcher.For(Platforms.Parse("linux/amd64")).Best(manifests)?.Digest);
        Assert.Equal("linux/386", PlatformMatcher.For(Platforms.Parse("linux/amd64")).Best(manifests[..3])?.Digest);
        Assert.Null(PlatformMatcher.For(Platforms.Parse("linux/s390x")).Best(manifests));
    }
}
