using System.Net;
using ContainerdPS.Registry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

public sealed class RegistryProxyTests : IDisposable
{
    private static readonly string[] Names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy"];
    private readonly Dictionary<string, string?> before = Names.ToDictionary(static name => name, Environment.GetEnvironmentVariable);

    public RegistryProxyTests() => Array.ForEach(Names, static name => Environment.SetEnvironmentVariable(name, null));

    public void Dispose()
    {
        foreach ((string name, string? value) in before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [Fact]
    public void FollowsTheVariablesAsTheyAreNow()
    {
        Environment.SetEnvironmentVariable("https_proxy", "secure.example:3128");
        Environment.SetEnvironmentVariable("HTTP_PROXY", "http://me:pass%20word@plain.example:8080");
        Environment.SetEnvironmentVariable("NO_PROXY", "internal.example, .dotted.example ,10.0.0.0/8,port.example:5000");
        IWebProxy proxy = RegistryProxy.Current()!;
        Assert.Equal("http://secure.example:3128/", proxy.GetProxy(new Uri("https://ghcr.io"))!.AbsoluteUri);
        Uri plain = proxy.GetProxy(new Uri("http://ghcr.io"))!;
        Assert.Equal("plain.example", plain.Host);
        Assert.Equal("pass word", proxy.Credentials!.GetCredential(plain, "Basic")!.Password);
        foreach (string direct in new[] { "https://internal.example", "https://a.internal.example", "https://a.dotted.example", "https://10.1.2.3", "https://port.example:5000", "https://localhost:5000", "http://127.0.0.1", "http://[::1]:5000" })
        {
            Assert.True(proxy.IsBypassed(new Uri(direct)), direct);
        }

        foreach (string through in new[] { "https://notinternal.example", "https://11.1.2.3", "https://port.example" })
        {
            Assert.False(proxy.IsBypassed(new Uri(through)), through);
        }

        Environment.SetEnvironmentVariable("NO_PROXY", "*");
        Assert.True(RegistryProxy.Current()!.IsBypassed(new Uri("https://ghcr.io")));
    }

    [Theory]
    [InlineData("proxy.example:3128")]
    [InlineData("http://me:pass%20word@proxy.example:3128")]
    public void UsesTheOneGivenForAllButExceptions(string given)
    {
        Environment.SetEnvironmentVariable("HTTPS_PROXY", "http://other.example:3128");
        Environment.SetEnvironmentVariable("NO_PROXY", "internal.example");
        IWebProxy proxy = RegistryProxy.Given(new Uri(given, UriKind.RelativeOrAbsolute), credentials: null);
        foreach (string through in new[] { "https://ghcr.io", "http://registry:5000", "https://registry" })
        {
            Assert.Equal("proxy.example:3128", proxy.GetProxy(new Uri(through))?.Authority);
        }

        foreach (string direct in new[] { "https://internal.example", "https://localhost:5000", "http://127.0.0.1" })
        {
            Assert.True(proxy.IsBypassed(new Uri(direct)), direct);
        }

        var address = proxy.GetProxy(new Uri("https://ghcr.io"))!;
        Assert.Equal(given.Contains('@', StringComparison.Ordinal) ? "pass word" : null, proxy.Credentials!.GetCredential(address, "Basic")?.Password);
        Assert.Equal("own", RegistryProxy.Given(address, new NetworkCredential("me", "own")).Credentials!.GetCredential(address, "Basic")!.Password);
    }

    [Fact]
    public void SaysWhatIsWrongWithoutAPassword()
    {
        Environment.SetEnvironmentVariable("HTTPS_PROXY", "http://me:secret@:x");
        ContainerdException e = Assert.Throws<ContainerdException>(RegistryProxy.Current);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }
}
