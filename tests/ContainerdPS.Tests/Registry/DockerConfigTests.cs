using ContainerdPS.Registry;
using Xunit;

namespace ContainerdPS.Tests.Registry;

public sealed class DockerConfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("docker-config-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("registry-1.docker.io", "hub", "hub-secret")]
    [InlineData("example.com:5000", "me", "se:cret")]
    [InlineData("plain.example", "plain-user", "plain-secret")]
    public async Task FindsAPassword(string host, string user, string password)
    {
        RegistryCredential? found = await (await ReadAsync("""
            { "auths": {
                "https://index.docker.io/v1/": { "auth": "aHViOmh1Yi1zZWNyZXQ=" },
                "https://example.com:5000/v2/": { "auth": "bWU6c2U6Y3JldA==" },
                "plain.example": { "username": "plain-user", "password": "plain-secret" } } }
            """)).FindAsync(host, null, default);
        Assert.Equal((user, password, RegistryCredentialKind.Password), (found!.UserName, found.Secret, found.Kind));
        Assert.DoesNotContain(password, found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindsTokensAndNothing()
    {
        DockerConfig config = await ReadAsync("""
            { "auths": { "a.example": { "identitytoken": "identity", "auth": "" }, "b.example": { "registrytoken": "registry" }, "c.example": {} } }
            """);
        Assert.Equal(RegistryCredentialKind.IdentityToken, (await config.FindAsync("a.example", null, default))!.Kind);
        Assert.Equal(RegistryCredentialKind.RegistryToken, (await config.FindAsync("b.example", null, default))!.Kind);
        Assert.Null(await config.FindAsync("c.example", null, default));
        Assert.Null(await config.FindAsync("d.example", null, default));
    }

    [Theory]
    [InlineData("{ \"auths\": { \"a.example\": { \"auth\": \"!!secret!!\" } } }")]
    [InlineData("{ \"secret\"")]
    [InlineData("[ \"secret\" ]")]
    public async Task TellsWhatIsWrongWithoutWhatIsInIt(string text)
    {
        ContainerdException e = await Assert.ThrowsAsync<ContainerdException>(async () => await (await ReadAsync(text)).FindAsync("a.example", null, default));
        Assert.Equal("DockerConfigInvalid", e.Reason);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsksAHelper()
    {
        using var helper = new Helper(folder, """
            read server
            case "$server" in
              has.example) echo '{"ServerURL":"has.example","Username":"me","Secret":"helped"}' ;;
              token.example) echo '{"Username":"<token>","Secret":"identity"}' ;;
              https://index.docker.io/v1/) echo '{"Username":"hub","Secret":"hub-secret"}' ;;
              broken.example) echo 'no secret here'; exit 0 ;;
              failing.example) echo 'it failed' >&2; exit 2 ;;
              *) echo 'credentials not found in native keychain'; exit 1 ;;
            esac
            """);
        DockerConfig config = await ReadAsync("""{ "credsStore": "containerdps-test", "auths": { "none.example": { "auth": "bWU6c2VjcmV0" } } }""");
        Assert.Equal("helped", (await config.FindAsync("has.example", null, default))!.Secret);
        Assert.Equal(RegistryCredentialKind.IdentityToken, (await config.FindAsync("token.example", null, default))!.Kind);
        Assert.Equal("hub-secret", (await config.FindAsync("registry-1.docker.io", null, default))!.Secret);
        Assert.Equal("secret", (await config.FindAsync("none.example", null, default))!.Secret);
        foreach (string host in new[] { "broken.example", "failing.example" })
        {
            ContainerdException e = await Assert.ThrowsAsync<ContainerdException>(() => config.FindAsync(host, null, default));
            Assert.Equal("CredentialHelperFailed", e.Reason);
            Assert.DoesNotContain("no secret here", e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SaysThatAHelperIsMissing()
    {
        DockerConfig config = await ReadAsync("""{ "credHelpers": { "a.example": "no-such-helper", "b.example": "../evil" } }""");
        Assert.Contains("cannot be started", (await Assert.ThrowsAsync<ContainerdException>(() => config.FindAsync("a.example", null, default))).Message, StringComparison.Ordinal);
        Assert.Contains("has a path", (await Assert.ThrowsAsync<ContainerdException>(() => config.FindAsync("b.example", null, default))).Message, StringComparison.Ordinal);
        Assert.Null(await config.FindAsync("c.example", null, default));
    }

    [Fact]
    public async Task IsNothingWhereThereIsNoFile() => Assert.Null(await DockerConfig.ReadAsync(Path.Combine(folder, "none.json"), default));

    private async Task<DockerConfig> ReadAsync(string text)
    {
        string path = Path.Combine(folder, "config.json");
        await File.WriteAllTextAsync(path, text);
        return (await DockerConfig.ReadAsync(path, default))!;
    }

    /// <summary>A helper on the PATH for as long as this is.</summary>
    private sealed class Helper : IDisposable
    {
        private readonly string? path = Environment.GetEnvironmentVariable("PATH");

        public Helper(string folder, string script)
        {
            string file = Path.Combine(folder, "docker-credential-containerdps-test");
            File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
            if (OperatingSystem.IsWindows())
            {
                throw new NotSupportedException("The helper is a script of a unix shell.");
            }

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Environment.SetEnvironmentVariable("PATH", $"{folder}:{path}");
        }

        public void Dispose() => Environment.SetEnvironmentVariable("PATH", path);
    }
}
