using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

public sealed class HostsFileTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("hosts-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task ReadsEverythingAHostCanSay()
    {
        Write("docker.io", """
            server = "https://registry-1.docker.io"
            ca = "own.pem"

            [host."https://zeta.example:8443/cache"]
              capabilities = ["pull", "resolve"]
              ca = ["one.pem", "/two.pem"]
              client = [["cert.pem", "key.pem"]]
              dial_timeout = "1500ms"
              [host."https://zeta.example:8443/cache".header]
                x-key = ["a", "b"]

            [host."http://alpha.example"]
              capabilities = ["pull"]
              client = "both.pem"
              skip_verify = true

            [host."https://api.example/v2/proxy"]
              override_path = true
            """);
        RegistryHosts found = await FindAsync("docker.io");
        Assert.Equal(root, found.Root);
        string folder = Path.Combine(root, "docker.io");
        Assert.Equal(["https://zeta.example:8443/cache/v2", "http://alpha.example/v2", "https://api.example/v2/proxy", "https://registry-1.docker.io/v2"], found.Hosts.Select(static host => host.Origin + host.Path));
        RegistryHost first = found.Hosts[0];
        Assert.Equal(HostCapabilities.Pull | HostCapabilities.Resolve, first.Capabilities);
        Assert.Equal([Path.Combine(folder, "one.pem"), "/two.pem"], first.Tls.Authorities);
        Assert.Equal((Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem")), Assert.Single(first.Tls.Clients));
        Assert.Equal(TimeSpan.FromSeconds(1.5), first.ConnectTimeout);
        Assert.Equal(["a", "b"], first.Headers.Select(static header => header.Value));
        Assert.False(first.IsRegistry);
        Assert.True(found.Hosts[1].Tls.SkipCheck);
        Assert.Equal((Path.Combine(folder, "both.pem"), (string?)null), Assert.Single(found.Hosts[1].Tls.Clients));
        Assert.True(found.Hosts[^1].IsRegistry);
        Assert.Equal([Path.Combine(folder, "own.pem")], found.Hosts[^1].Tls.Authorities);
        Assert.Equal(2, found.With(HostCapabilities.Push, "docker.io").Count);
    }

    [Fact]
    public async Task TellsAMirrorWhoseImagesAreWanted()
    {
        Write("docker.io", "[host.\"https://mirror.example\"]");
        RegistryHosts found = await FindAsync("docker.io");
        var reference = ImageReference.Parse("alpine");
        Assert.Equal("https://mirror.example/v2/library/alpine/manifests/latest?ns=docker.io", found.Hosts[0].Address(reference, "manifests/latest").AbsoluteUri);
        Assert.Equal("https://registry-1.docker.io/v2/library/alpine/manifests/latest", found.Hosts[1].Address(reference, "manifests/latest").AbsoluteUri);
        Assert.False(found.Hosts[0].IsRegistry);
        Assert.True(found.Hosts[1].IsRegistry);
    }

    [Theory]
    [InlineData("example.com:5000", "example.com_5000_")]
    [InlineData("example.com:5000", "example.com:5000")]
    [InlineData("example.com:5000", "_default")]
    [InlineData("example.com", "example.com")]
    public async Task FindsTheFolderOfARegistry(string domain, string folder)
    {
        Write(folder, "[host.\"http://found.example\"]");
        Assert.Equal("http://found.example", (await FindAsync(domain)).Hosts[0].Origin);
    }

    [Fact]
    public async Task ReadsCertificatesAsDockerHasThem()
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, "example.com")).FullName;
        foreach (string file in new[] { "ca.crt", "a.cert", "a.key", "b.cert" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), string.Empty);
        }

        RegistryHost host = Assert.Single((await FindAsync("example.com")).Hosts);
        Assert.Equal([Path.Combine(folder, "ca.crt")], host.Tls.Authorities);
        Assert.Equal([(Path.Combine(folder, "a.cert"), Path.Combine(folder, "a.key")), (Path.Combine(folder, "b.cert"), null)], host.Tls.Clients);
    }

    [Theory]
    [InlineData("docker.io", "https://registry-1.docker.io", false, false)]
    [InlineData("ghcr.io", "https://ghcr.io", false, false)]
    [InlineData("localhost:5000", "https://localhost:5000", true, true)]
    [InlineData("127.0.0.1:80", "http://127.0.0.1", false, false)]
    [InlineData("[::1]:5000", "https://[::1]:5000", true, true)]
    [InlineData("localhost", "https://localhost", false, true)]
    [InlineData("10.0.0.1:5000", "https://10.0.0.1:5000", false, false)]
    public async Task ReachesARegistryNothingIsSaidOf(string domain, string origin, bool mayBePlain, bool unchecked_)
    {
        RegistryHost host = Assert.Single((await FindAsync(domain)).Hosts);
        Assert.Equal((origin, mayBePlain, unchecked_, true), (host.Origin, host.MayBePlain, host.Tls.SkipCheck, host.IsRegistry));
        host = Assert.Single((await RegistryHosts.FindAsync(domain, new RegistrySettings { HostsFolder = root, PlainHttp = true }, default)).Hosts);
        Assert.StartsWith("http://", host.Origin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server = = 1", "not TOML")]
    [InlineData("server = 1", "'server' is not text")]
    [InlineData("capabilities = [\"fly\"]", "'fly' is not a capability")]
    [InlineData("[host.\"ftp://x\"]", "not the address of a host")]
    [InlineData("ca = [1]", "not text")]
    [InlineData("client = [[\"a\"]]", "'client'")]
    [InlineData("skip_verify = \"yes\"", "neither true nor false")]
    [InlineData("dial_timeout = \"soon\"", "not a duration")]
    [InlineData("host = 3", "'host' is not a table")]
    public async Task SaysWhatIsWrong(string text, string problem)
    {
        Write("example.com", text);
        ContainerdException e = await Assert.ThrowsAsync<ContainerdException>(() => FindAsync("example.com"));
        Assert.Equal("HostsFileInvalid", e.Reason);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(root, "example.com", "hosts.toml"), e.Message, StringComparison.Ordinal);
    }

    private Task<RegistryHosts> FindAsync(string domain) => RegistryHosts.FindAsync(domain, new RegistrySettings { HostsFolder = root }, default);

    private void Write(string folder, string text)
    {
        Directory.CreateDirectory(Path.Combine(root, folder));
        File.WriteAllText(Path.Combine(root, folder, "hosts.toml"), text);
    }
}
