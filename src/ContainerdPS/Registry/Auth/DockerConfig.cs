using System.Text;
using System.Text.Json;

namespace ContainerdPS.Registry;

/// <summary>The credentials that 'docker login' and its like keep, in config.json or behind a credential helper.</summary>
internal sealed class DockerConfig
{
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly string path;
    private readonly JsonDocument document;

    private DockerConfig(string path, JsonDocument document)
    {
        this.path = path;
        this.document = document;
    }

    /// <summary>Where it is: in DOCKER_CONFIG, else in .docker at home.</summary>
    public static string DefaultPath => System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"),
        "config.json");

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="ContainerdException">It is there and cannot be used.</exception>
    public static async Task<DockerConfig?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (new FileInfo(path).Length > LargestFile)
            {
                throw Unusable(path, "it is too large for what it should be", null);
            }

            byte[] json = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object ? new DockerConfig(path, document) : throw Unusable(path, "it is not a JSON object", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message.TrimEnd('.'), e);
        }
        catch (JsonException e)
        {
            // The parser's own words may quote what it found, and that is a secret.
            throw Unusable(path, $"line {(e.LineNumber ?? 0) + 1} is not JSON", null);
        }
    }

    /// <summary>The credential for a host: of its helper, of the store, or of the file itself.</summary>
    public async Task<RegistryCredential?> FindAsync(string host, Action<string>? log, CancellationToken cancellationToken)
    {
        string key = host == RegistryHost.ServerOf("docker.io") || host == "docker.io" ? "index.docker.io" : host;
        if (HelperFor(key) is { } helper)
        {
            // Logins of Docker Hub are kept under this address, whoever looks.
            string server = key == "index.docker.io" ? "https://index.docker.io/v1/" : host;
            if (await CredentialHelper.GetAsync(helper, server, log, cancellationToken).ConfigureAwait(false) is { } stored)
            {
                return stored;
            }
        }

        if (!document.RootElement.TryGetProperty("auths", out JsonElement auths) || auths.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty entry in auths.EnumerateObject())
        {
            if (HostOf(entry.Name).Equals(key, StringComparison.OrdinalIgnoreCase) && entry.Value.ValueKind == JsonValueKind.Object && Read(host, entry.Value) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private string? HelperFor(string key)
    {
        if (document.RootElement.TryGetProperty("credHelpers", out JsonElement helpers) && helpers.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty helper in helpers.EnumerateObject())
            {
                if (HostOf(helper.Name).Equals(key, StringComparison.OrdinalIgnoreCase) && helper.Value.ValueKind == JsonValueKind.String)
                {
                    return helper.Value.GetString();
                }
            }
        }

        return document.RootElement.TryGetProperty("credsStore", out JsonElement store) && store.ValueKind == JsonValueKind.String && store.GetString() is { Length: > 0 } name ? name : null;
    }

    private RegistryCredential? Read(string host, JsonElement entry)
    {
        if (Text(entry, "identitytoken") is { } identity)
        {
            return RegistryCredential.IdentityToken(identity);
        }

        if (Text(entry, "registrytoken") is { } token)
        {
            return RegistryCredential.RegistryToken(token);
        }

        if (Text(entry, "username") is { } userName && Text(entry, "password") is { } password)
        {
            return RegistryCredential.Password(userName, password);
        }

        if (Text(entry, "auth") is not { } encoded)
        {
            // An empty entry only says that a helper has it.
            return null;
        }

        byte[] bytes = new byte[encoded.Length];
        string text = Convert.TryFromBase64String(encoded, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0') : string.Empty;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? RegistryCredential.Password(text[..colon], text[(colon + 1)..]) : throw Unusable(path, $"its 'auth' for '{host}' is not a user name and a password in base64", null);
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>Entries are hosts, or addresses with a scheme and a path.</summary>
    private static string HostOf(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string rest = scheme < 0 ? key : key[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        return host is "docker.io" or "registry-1.docker.io" ? "index.docker.io" : host;
    }

    private static ContainerdException Unusable(string path, string problem, Exception? inner) => new(
        ContainerdErrorCode.InvalidArgument, $"Docker's configuration '{path}' cannot be used: {problem}. Correct it, or give -Credential.", inner) { Reason = "DockerConfigInvalid" };
}
