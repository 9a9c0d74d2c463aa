using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Oci;

public sealed class ImageReferenceTests
{
    private const string Hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20")]
    [InlineData("user/app", "docker.io/user/app:latest", "user/app:latest")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("index.docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest")]
    [InlineData("ghcr.io/x/y@" + Hash, "ghcr.io/x/y@" + Hash, "ghcr.io/x/y@" + Hash)]
    [InlineData("ghcr.io/x/y:1@" + Hash, "ghcr.io/x/y:1@" + Hash, "ghcr.io/x/y:1@" + Hash)]
    [InlineData("alpine@" + Hash, "docker.io/library/alpine@" + Hash, "alpine@" + Hash)]
    [InlineData("localhost/a", "localhost/a:latest", "localhost/a:latest")]
    [InlineData("localhost:5000/a/b__c.d-e---f", "localhost:5000/a/b__c.d-e---f:latest", "localhost:5000/a/b__c.d-e---f:latest")]
    [InlineData("127.0.0.1:5000/a:b", "127.0.0.1:5000/a:b", "127.0.0.1:5000/a:b")]
    [InlineData("[::1]:5000/a:b", "[::1]:5000/a:b", "[::1]:5000/a:b")]
    [InlineData("MYHOST/a", "MYHOST/a:latest", "MYHOST/a:latest")]
    [InlineData("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest")]
    public void NamesAreCompleted(string text, string whole, string familiar)
    {
        ImageReference reference = ImageReference.Parse(text);
        Assert.Equal(whole, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
        Assert.Equal(whole, ImageReference.Parse(whole).ToString());
        Assert.Equal(whole, ImageReference.Parse(familiar).ToString());
    }

    [Fact]
    public void PartsAreTakenApart()
    {
        ImageReference reference = ImageReference.Parse("reg.example:5000/a/b:v1@" + Hash);
        Assert.Equal(("reg.example:5000", "a/b", "v1", Hash), (reference.Domain, reference.Path, reference.Tag, reference.Digest));
        Assert.Equal("reg.example:5000/a/b", reference.Name);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a b", "white space")]
    [InlineData("https://ghcr.io/x", "leave out https://")]
    [InlineData("http://ghcr.io/x", "leave out http://")]
    [InlineData("Alpine", "capital")]
    [InlineData("ghcr.io/X/y", "capital")]
    [InlineData("alpine:", "not a tag")]
    [InlineData("alpine:-x", "not a tag")]
    [InlineData("alpine@sha256:12", "not a digest")]
    [InlineData("alpine@", "not a digest")]
    [InlineData("a//b", "''")]
    [InlineData("/a", "''")]
    [InlineData("a/", "''")]
    [InlineData("a._b", "'a._b'")]
    [InlineData("a___b", "'a___b'")]
    [InlineData("a/../b", "'..'")]
    [InlineData("-a.b/c", "registry host")]
    [InlineData("a.b:port/c", "registry host")]
    [InlineData("a.b:99999/c", "registry host")]
    [InlineData("a.b/", "no repository")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "id, not a name")]
    public void WhatIsNoNameSaysWhy(string text, string why)
    {
        var error = Assert.Throws<ContainerdException>(() => ImageReference.Parse(text));
        Assert.Equal(ContainerdErrorCode.InvalidArgument, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.False(ImageReference.TryParse(text, out _));
    }

    [Theory]
    [InlineData("http://bob:hidden@host/a:1", "'http://…@host/a:1'")]
    [InlineData("https://hidden@host/a", "'https://…@host/a'")]
    [InlineData("https://bob:hidden@host", "'https://…@host'")]
    [InlineData("bob:hidden@host/a:1", "'…@host/a:1'")]
    [InlineData("bob:hid@hidden@host/a:1", "'…@host/a:1'")]
    [InlineData("bob:hidden@host:5000", "'…@host:5000'")]
    [InlineData("http://bob:hid den@host/a", "'http://…@host/a'")]
    [InlineData("http://bob:hidden@host/a@" + Hash, "'http://…@host/a@" + Hash + "'")]
    public void WhoSomebodyIsIsNotRepeated(string text, string shown)
    {
        var error = Assert.Throws<ContainerdException>(() => ImageReference.Parse(text));
        Assert.Contains(shown, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LongNamesAndTagsAreRefused()
    {
        Assert.Throws<ContainerdException>(() => ImageReference.Parse(new string('a', 300)));
        Assert.Throws<ContainerdException>(() => ImageReference.Parse("a:" + new string('t', 129)));
        Assert.Equal(128, ImageReference.Parse("a:" + new string('t', 128)).Tag!.Length);
    }
}
