using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using FakeRegistry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

/// <summary>Reading from a registry that is good, that is strange, and that is bad.</summary>
public sealed class RegistryRepositoryTests : RegistryTest
{
    [Theory]
    [InlineData("a/good")]
    [InlineData("a/no-head")]
    [InlineData("a/no-digest")]
    [InlineData("a/throttled")]
    [InlineData("a/flaky")]
    [InlineData("a/token")]
    [InlineData("a/expired-token")]
    public async Task ReadsAnImage(string name)
    {
        FakeRepository content = Server.Repository(name);
        using RegistryRepository repository = await OpenAsync(name);
        OciDescriptor target = await repository.ResolveAsync(default);
        Assert.Equal((content.Image.Digest, MediaTypes.OciManifest, (long)content.Blobs[content.Image.Digest].Length), (target.Digest, target.MediaType, target.Size));
        ImageManifest manifest = ImageJson.ParseManifest((await repository.DocumentAsync(target, default)).Span);
        Assert.Equal(content.Blobs[manifest.Config!.Digest], (await repository.DocumentAsync(manifest.Config, default)).ToArray());
        for (int i = 0; i < content.Image.Layers.Count; i++)
        {
            Assert.Equal(content.Blobs[content.Image.Layers[i]], await ReadAsync(repository, Layer(repository, content, i)));
        }
    }

    [Fact]
    public async Task ReadsByDigest()
    {
        string digest = Server.Repository("a/good").Image.Digest;
        using RegistryRepository repository = await OpenAsync($"a/good@{digest}");
        Assert.Equal(digest, (await repository.ResolveAsync(default)).Digest);
        using RegistryRepository other = await OpenAsync($"a/good:tagged@sha256:{new string('0', 64)}");
        await FailsAsync("RegistryNotFound", () => other.ResolveAsync(default));
    }

    [Theory]
    [InlineData("a/broken-once")]
    [InlineData("a/broken-no-ranges")]
    [InlineData("a/stall-once")]
    public async Task GoesOnWhereItBroke(string name)
    {
        FakeRepository content = Server.Repository(name);
        using RegistryRepository repository = await OpenAsync(name);
        Assert.Equal(content.Blobs[content.FirstLayer], await ReadAsync(repository, Layer(repository, content)));
        SeenRequest[] requests = Server.RequestsOf(name).Where(static request => request.Path.Contains("/blobs/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, requests.Length);
        Assert.StartsWith("bytes=", requests[1].Headers["Range"], StringComparison.Ordinal);
        Assert.Single(Delays);
    }

    [Fact]
    public async Task ReadsFromAnOffset()
    {
        FakeRepository content = Server.Repository("a/good");
        using RegistryRepository repository = await OpenAsync("a/good");
        Assert.Equal(content.Blobs[content.FirstLayer][1000..], await ReadAsync(repository, Layer(repository, content), 1000));
        Assert.Empty(await ReadAsync(repository, Layer(repository, content), content.Blobs[content.FirstLayer].Length));
    }

    [Theory]
    [InlineData("a/truncated", "TransferInterrupted")]
    [InlineData("a/stall", "RegistryStalled")]
    [InlineData("a/redirect-loop", "RegistryRedirectLoop")]
    [InlineData("a/broken", "RegistryFailed")]
    [InlineData("a/always-throttled", "RegistryTooManyRequests")]
    [InlineData("a/denied", "RegistryDenied")]
    public async Task GivesUpOnABlob(string name, string reason)
    {
        FakeRepository content = Server.Repository(name);
        using RegistryRepository repository = await OpenAsync(name);
        ContainerdException e = await FailsAsync(reason, () => ReadAsync(repository, Layer(repository, content)));
        Assert.Contains(Server.Authority, e.Message, StringComparison.Ordinal);
        Assert.True(Delays.Count <= Settings.Retries * 2);
    }

    [Fact]
    public async Task FindsOutThatABlobHasAnotherSize()
    {
        FakeRepository content = Server.Repository("a/too-long");
        using RegistryRepository repository = await OpenAsync("a/too-long");
        OciDescriptor layer = Layer(repository, content);
        await FailsAsync("WrongSize", () => ReadAsync(repository, layer with { Size = layer.Size - 10 }));
        FakeRepository good = Server.Repository("a/good");
        using RegistryRepository other = await OpenAsync("a/good");
        layer = Layer(other, good);
        await FailsAsync("WrongSize", () => ReadAsync(other, layer with { Size = layer.Size + 10 }));
        await FailsAsync("WrongSize", () => ReadAsync(other, layer with { Size = layer.Size - 10 }));
    }

    [Theory]
    [InlineData("a/huge-manifest", "ManifestTooLarge")]
    [InlineData("a/stall-manifest", "RegistryStalled")]
    [InlineData("a/broken", "RegistryFailed")]
    [InlineData("a/always-throttled", "RegistryTooManyRequests")]
    [InlineData("a/https-only", "RegistryNotPlain")]
    [InlineData("a/denied", "RegistryDenied")]
    [InlineData("a/empty", "RegistryNotFound")]
    [InlineData("a/basic", "RegistryUnauthorized")]
    [InlineData("a/login", "RegistryUnauthorized")]
    public async Task GivesUpOnAManifest(string name, string reason)
    {
        using RegistryRepository repository = await OpenAsync(name);
        ContainerdException e = await FailsAsync(reason, () => repository.ResolveAsync(default));
        if (reason != "ManifestTooLarge")
        {
            Assert.Contains(Server.Authority, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ChecksTheDigestOfADocument()
    {
        using RegistryRepository repository = await OpenAsync("a/lying-manifest");
        OciDescriptor target = await repository.ResolveAsync(default);
        ContainerdException e = await FailsAsync("WrongDigest", () => repository.DocumentAsync(target, default));
        Assert.Contains(target.Digest, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitsAsLongAsItIsAskedTo()
    {
        using RegistryRepository repository = await OpenAsync("a/throttled");
        await repository.ResolveAsync(default);
        Assert.True(Assert.Single(Delays) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task DoesNotWaitForOneThatWasNeverThere()
    {
        using RegistryRepository repository = await RegistryRepository.OpenAsync(ImageReference.Parse("127.0.0.1:1/none"), Settings, Connections, default);
        ContainerdException e = await FailsAsync("RegistryUnreachable", () => repository.ResolveAsync(default));
        Assert.Contains("refused", e.Message, StringComparison.Ordinal);
        Assert.Empty(Delays);
    }

    [Fact]
    public async Task TriesTheNextHost()
    {
        FakeRepository content = Server.Repository("a/good");
        Directory.CreateDirectory(Path.Combine(HostsFolder, "_default"));
        await File.WriteAllTextAsync(Path.Combine(HostsFolder, "_default", "hosts.toml"), $"""
            server = "http://{Server.Authority}"
            [host."http://127.0.0.1:1"]
            [host."http://{Elsewhere.Authority}/broken/mirror"]
            """);
        Elsewhere.Before = static async context =>
        {
            context.Response.StatusCode = 404;
            await Task.CompletedTask;
            return true;
        };
        using RegistryRepository repository = await OpenAsync("a/good");
        Assert.Equal(content.Image.Digest, (await repository.ResolveAsync(default)).Digest);
        Assert.Equal(content.Blobs[content.FirstLayer], await ReadAsync(repository, Layer(repository, content)));
        Assert.All(Elsewhere.Requests, request => Assert.Contains("ns=" + Uri.EscapeDataString(Server.Authority), request.Path, StringComparison.Ordinal));
        Assert.NotEmpty(Elsewhere.Requests);
    }

    [Fact]
    public async Task TrustsWhatAHostsFolderSays()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=here", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.Now.AddDays(-1), DateTimeOffset.Now.AddDays(1));
        await using RegistryServer secure = await RegistryServer.StartAsync(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null));
        string folder = Directory.CreateDirectory(Path.Combine(HostsFolder, "_default")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"server = \"https://{secure.Authority}\"\nskip_verify = false");
        var reference = ImageReference.Parse($"{secure.Authority}/a/good");
        using (RegistryRepository distrusting = await RegistryRepository.OpenAsync(reference, Settings, Connections, default))
        {
            await FailsAsync("RegistryNotTrusted", () => distrusting.ResolveAsync(default));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"server = \"https://{secure.Authority}\"\nca = \"ca.pem\"");
        using (RegistryRepository trusting = await RegistryRepository.OpenAsync(reference, Settings, Connections, default))
        {
            Assert.Equal(secure.Repository("a/good").Image.Digest, (await trusting.ResolveAsync(default)).Digest);
        }

        // On this machine a certificate is nobody's business, and plain HTTP is said to be what it is.
        File.Delete(Path.Combine(folder, "hosts.toml"));
        File.Delete(Path.Combine(folder, "ca.pem"));
        using (RegistryRepository here = await RegistryRepository.OpenAsync(reference, Settings, Connections, default))
        {
            await here.ResolveAsync(default);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "hosts.toml"), $"server = \"https://{Server.Authority}\"");
        using RegistryRepository wrong = await OpenAsync("a/good");
        Assert.Contains("-PlainHttp", (await FailsAsync("RegistryNotTls", () => wrong.ResolveAsync(default))).Message, StringComparison.Ordinal);
    }
}
