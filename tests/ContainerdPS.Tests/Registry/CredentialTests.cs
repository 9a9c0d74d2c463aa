using ContainerdPS.Oci;
using ContainerdPS.Registry;
using FakeRegistry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

/// <summary>Who is told what of who we are, and who is not.</summary>
public sealed class CredentialTests : RegistryTest
{
    private const string Secret = "open-sesame";

    [Theory]
    [InlineData("a/basic", "Basic ")]
    [InlineData("a/login", "Bearer ")]
    public async Task ShowsCredentialsToTheRegistry(string name, string scheme)
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", Secret) };
        using RegistryRepository repository = await OpenAsync(name);
        await repository.ResolveAsync(default);
        Assert.StartsWith(scheme, Server.RequestsOf(name)[^1].Authorization, StringComparison.Ordinal);
        AssertNothingToldTo(Elsewhere);
    }

    [Theory]
    [InlineData("a/basic")]
    [InlineData("a/login")]
    public async Task SaysThatCredentialsAreWrong(string name)
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", "guessed-secret") };
        using RegistryRepository repository = await OpenAsync(name);
        ContainerdException e = await FailsAsync("RegistryUnauthorized", () => repository.ResolveAsync(default));
        Assert.Equal(ContainerdErrorCode.Unauthenticated, e.Code);
        Assert.Contains("the user 'somebody'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed-secret", e.ToString(), StringComparison.Ordinal);

        // Not tried over and over: that locks accounts.
        Assert.True(Server.Requests.Count(static request => request.Authorization.StartsWith("Basic ", StringComparison.Ordinal)) <= 2);
    }

    [Fact]
    public async Task TakesOneTokenForAll()
    {
        FakeRepository content = Server.Repository("a/token");
        using RegistryRepository repository = await OpenAsync("a/token");
        await repository.ResolveAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => ReadAsync(repository, Layer(repository, content, i))));
        Assert.Single(Server.Requests, static request => request.Path.StartsWith("/token/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetsAnotherTokenForAllThatAreRefusedTogether()
    {
        for (int i = 0; i < 20; i++)
        {
            FakeRepository content = Server.Repository($"{i}/expired-token");
            using RegistryRepository repository = await OpenAsync(content.Name);
            await repository.ResolveAsync(default);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(layer => ReadAsync(repository, Layer(repository, content, layer % 2))));
        }
    }

    [Fact]
    public async Task TellsNobodyElse()
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", Secret) };
        FakeRepository content = Server.Repository("a/redirect-login");
        using RegistryRepository repository = await OpenAsync("a/redirect-login");
        OciDescriptor layer = Layer(repository, content);
        Elsewhere.Before = async context =>
        {
            byte[] blob = content.Blobs[layer.Digest];
            context.Response.ContentLength = blob.Length;
            await context.Response.Body.WriteAsync(blob);
            return true;
        };
        Assert.Equal(content.Blobs[layer.Digest], await ReadAsync(repository, layer));
        Assert.Contains(Server.Requests, static request => request.Authorization.Length > 0);
        Assert.Contains("signature=", Assert.Single(Elsewhere.Requests).Path, StringComparison.Ordinal);
        AssertNothingToldTo(Elsewhere);
        Assert.DoesNotContain(Log, static line => line.Contains("secret-signature", StringComparison.Ordinal) || line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DoesNotAnswerTheChallengeOfAnother()
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", Secret) };
        FakeRepository content = Server.Repository("a/redirect");
        using RegistryRepository repository = await OpenAsync("a/redirect");
        Elsewhere.Before = async context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"tell me\"";
            await Task.CompletedTask;
            return true;
        };
        await FailsAsync("RegistryUnauthorized", () => ReadAsync(repository, Layer(repository, content)));
        Assert.Single(Elsewhere.Requests);
        AssertNothingToldTo(Elsewhere);
    }

    [Fact]
    public async Task DoesNotTakeCredentialsAlongFromTheTokenServer()
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", Secret) };
        Server.Before = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/token", StringComparison.Ordinal))
            {
                return false;
            }

            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"http://{Elsewhere.Authority}/token/elsewhere";
            await Task.CompletedTask;
            return true;
        };
        using RegistryRepository repository = await OpenAsync("a/login");
        await FailsAsync("RegistryRedirected", () => repository.ResolveAsync(default));
        Assert.Empty(Elsewhere.Requests);
    }

    [Fact]
    public async Task DoesNotGiveAMirrorTheCredentialsOfTheRegistry()
    {
        Settings = Settings with { Credential = RegistryCredential.Password("somebody", Secret) };
        Directory.CreateDirectory(Path.Combine(HostsFolder, "_default"));
        await File.WriteAllTextAsync(Path.Combine(HostsFolder, "_default", "hosts.toml"), $"""
            server = "http://{Server.Authority}"
            [host."http://{Elsewhere.Authority}"]
              [host."http://{Elsewhere.Authority}".header]
                x-key = "for-the-mirror"
            """);
        using RegistryRepository repository = await OpenAsync("a/basic");
        await repository.ResolveAsync(default);
        Assert.NotEmpty(Elsewhere.Requests);
        AssertNothingToldTo(Elsewhere);
        Assert.All(Elsewhere.Requests, static request => Assert.Equal("for-the-mirror", request.Headers["x-key"]));
        Assert.All(Server.Requests, static request => Assert.False(request.Headers.ContainsKey("x-key")));
    }

    [Fact]
    public async Task ExchangesAnIdentityToken()
    {
        string folder = Directory.CreateTempSubdirectory("docker-config-").FullName;
        string? before = Environment.GetEnvironmentVariable("DOCKER_CONFIG");
        string form = string.Empty;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), "{\"auths\":{\"" + Server.Authority + "\":{\"identitytoken\":\"refresh-me\"}}}");
            Environment.SetEnvironmentVariable("DOCKER_CONFIG", folder);
            Server.Before = async context =>
            {
                if (context.Request.Path.StartsWithSegments("/token", StringComparison.Ordinal))
                {
                    form = await new StreamReader(context.Request.Body).ReadToEndAsync();
                }

                return false;
            };
            using RegistryRepository repository = await OpenAsync("a/token");
            await repository.ResolveAsync(default);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOCKER_CONFIG", before);
            Directory.Delete(folder, recursive: true);
        }

        Assert.Contains("grant_type=refresh_token", form, StringComparison.Ordinal);
        Assert.Contains("refresh_token=refresh-me", form, StringComparison.Ordinal);
    }

    private static void AssertNothingToldTo(RegistryServer server) => Assert.All(server.Requests, static request => Assert.Empty(request.Authorization));
}
