using System.Security.Cryptography;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using FakeRegistry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

/// <summary>Writing to a registry that is good, that is strange, and that is bad.</summary>
public sealed class BlobUploadTests : RegistryTest
{
    private readonly byte[] content = RandomNumberGenerator.GetBytes(5_000_000);
    private readonly List<long> reports = [];

    private OciDescriptor Blob => new() { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Compute(content).ToString(), Size = content.Length };

    [Theory]
    [InlineData("a/good", "POST PUT")]
    [InlineData("a/flaky", "POST POST PUT GET PUT")]
    [InlineData("a/throttled", "POST POST PUT GET PUT")]
    [InlineData("a/push-breaks", "POST PUT GET PATCH PUT")]
    [InlineData("a/push-stall-once", "POST PUT GET PATCH PUT")]
    [InlineData("a/push-forgets", "POST PUT DELETE POST PUT")]
    [InlineData("a/push-small", "POST PUT GET PATCH GET PATCH PATCH PATCH PATCH PUT")]
    [InlineData("a/token", "POST PUT")]
    public async Task Uploads(string name, string requests)
    {
        Assert.Equal(UploadOutcome.Sent, await UploadAsync(name));
        Assert.Equal(content, Server.Repository(name).Blobs[Blob.Digest]);
        Assert.Empty(Server.Repository(name).Uploads);
        Assert.Equal(requests, string.Join(' ', Server.RequestsOf(name).Where(static request => request.Path.Contains("/uploads/", StringComparison.Ordinal)).Select(static request => request.Method)));
        Assert.Equal(content.Length, reports[^1]);
        Assert.Equal(UploadOutcome.Present, await UploadAsync(name));
    }

    [Theory]
    [InlineData("a/broken", "RegistryFailed")]
    [InlineData("a/always-throttled", "RegistryTooManyRequests")]
    [InlineData("a/denied", "RegistryDenied")]
    [InlineData("a/basic", "RegistryUnauthorized")]
    [InlineData("a/push-always-breaks", "RegistryUnreachable")]
    [InlineData("a/push-stall", "RegistryStalled")]
    [InlineData("a/push-loop", "RegistryRedirectLoop")]
    [InlineData("a/push-redirect", "RegistryRedirected")]
    [InlineData("a/push-nowhere", "RegistryUnexpected")]
    [InlineData("a/push-wrong-digest", "WrongDigest")]
    public async Task GivesUpAndCallsOff(string name, string reason)
    {
        await FailsAsync(reason, () => UploadAsync(name));
        Assert.Empty(Server.Repository(name).Uploads);
        Assert.Empty(Elsewhere.Requests);
    }

    [Fact]
    public async Task TakesABlobFromAnotherRepository()
    {
        Server.Repository("a/other").Blobs[Blob.Digest] = content;
        Assert.Equal(UploadOutcome.Mounted, await UploadAsync("b/good", "a/other"));
        Assert.Equal(content, Server.Repository("b/good").Blobs[Blob.Digest]);
        Assert.Equal(UploadOutcome.Sent, await UploadAsync("c/good", "a/none"));
        Assert.Single(Server.RequestsOf("c/good"), static request => request.Method == "POST");
    }

    [Fact]
    public async Task SendsWhatMayNotBeTakenFromAnotherRepository()
    {
        Server.Repository("a/other").Blobs[Blob.Digest] = content;
        Assert.Equal(UploadOutcome.Sent, await UploadAsync("a/no-mount", "a/other"));
        Assert.Equal(content, Server.Repository("a/no-mount").Blobs[Blob.Digest]);
    }

    [Fact]
    public async Task TellsNoOtherServerWhoWeAre()
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", "open-sesame") };
        Assert.Equal(UploadOutcome.Sent, await UploadAsync("a/push-elsewhere"));
        Assert.Equal(content, Elsewhere.Repository("elsewhere/a/push-elsewhere").Blobs[Blob.Digest]);
        Assert.Contains(Server.Requests, static request => request.Authorization.Length > 0);
        Assert.All(Elsewhere.Requests, static request => Assert.Empty(request.Authorization));
        Assert.DoesNotContain(Log, static line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("sesame", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a/push-slow", null)]
    [InlineData("a/push-begins-late", null)]
    [InlineData("a/push-begins-late", "a/none")]
    public async Task CallsOffWhatIsStopped(string name, string? from)
    {
        using var stop = new CancellationTokenSource();
        Task<UploadOutcome> upload = UploadAsync(name, from, stop.Token);
        while (Server.Repository(name).Uploads.IsEmpty)
        {
            await Task.Delay(10);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        Assert.Empty(Server.Repository(name).Uploads);
        Assert.Equal(1, Server.RequestsOf(name).Count(static request => request.Method == "POST"));
    }

    [Fact]
    public async Task PutsManifests()
    {
        byte[] document = "{}"u8.ToArray();
        var manifest = new OciDescriptor { MediaType = MediaTypes.OciManifest, Digest = Digest.Compute(document).ToString(), Size = document.Length };
        using RegistryRepository repository = await OpenAsync("a/flaky");
        var push = new RegistryPush(repository);
        Assert.False(await push.HasManifestAsync("1", manifest, default));
        await push.PutManifestAsync("1", manifest, document, default);
        Assert.True(await push.HasManifestAsync("1", manifest, default));
        Assert.Equal(document, Server.Repository("a/flaky").Manifests["1"].Content);
        using RegistryRepository other = await OpenAsync("a/push-refuses");
        ContainerdException e = await FailsAsync("RegistryRefused", () => new RegistryPush(other).PutManifestAsync("1", manifest, document, default));
        Assert.Contains("MANIFEST_INVALID", e.Message, StringComparison.Ordinal);
    }

    private async Task<UploadOutcome> UploadAsync(string name, string? from = null, CancellationToken cancellationToken = default)
    {
        using RegistryRepository repository = await OpenAsync(name);
        return await new BlobUpload(new RegistryPush(repository), Blob, offset => new MemoryStream(content[(int)offset..]), reports.Add).RunAsync(from, cancellationToken);
    }
}
