using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ContainerdPS.Registry;

/// <summary>Fetches tokens from where a registry sends its clients for them.</summary>
internal sealed class TokenServer(RegistryHttp http)
{
    private const int LargestAnswer = 1024 * 1024;
    private const string ClientId = "containerdps";

    /// <summary>Fetches a token.</summary>
    /// <param name="host">The registry that asked for it.</param>
    /// <param name="challenge">Its words.</param>
    /// <param name="scopes">What it is to be good for.</param>
    /// <param name="credential">Who we are; null for anybody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BearerToken> FetchAsync(
        RegistryHost host, Challenge challenge, IReadOnlyList<string> scopes, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out Uri? realm) || realm.Scheme is not ("http" or "https") || realm.UserInfo.Length > 0)
        {
            throw RegistryErrors.Unexpected(host.Authority, "it asks for a token and does not say where to get one");
        }

        if (credential is not null && realm.Scheme == Uri.UriSchemeHttp && host.Scheme == Uri.UriSchemeHttps)
        {
            throw RegistryErrors.Unexpected(host.Authority, $"it wants the credentials sent to '{realm.Authority}' in the clear, which is refused");
        }

        if (credential?.Kind == RegistryCredentialKind.IdentityToken)
        {
            return await PostAsync(host, realm, challenge, scopes, credential, cancellationToken).ConfigureAwait(false);
        }

        using HttpResponseMessage response = await SendAsync(host, _ => Get(realm, challenge, scopes, credential), followed: credential is null, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync(realm, response, cancellationToken).ConfigureAwait(false);
        }

        // Some servers know OAuth's way only.
        return credential is not null && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.BadRequest
            ? await PostAsync(host, realm, challenge, scopes, credential!, cancellationToken).ConfigureAwait(false)
            : throw Refused(host, realm, response.StatusCode, credential);
    }

    private static HttpRequestMessage Get(Uri realm, Challenge challenge, IReadOnlyList<string> scopes, RegistryCredential? credential)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        Add("service", challenge["service"]);
        foreach (string scope in scopes)
        {
            Add("scope", scope);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (credential is not null)
        {
            request.Headers.Authorization = BasicHeader(credential);
        }

        return request;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Append(query.Length > 0 ? "&" : string.Empty).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    public static AuthenticationHeaderValue BasicHeader(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Secret}")));

    private async Task<BearerToken> PostAsync(
        RegistryHost host, Uri realm, Challenge challenge, IReadOnlyList<string> scopes, RegistryCredential credential, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["service"] = challenge["service"] ?? string.Empty,
            ["client_id"] = ClientId,
            ["scope"] = string.Join(' ', scopes),
        };
        if (credential.Kind == RegistryCredentialKind.IdentityToken)
        {
            form["grant_type"] = "refresh_token";
            form["refresh_token"] = credential.Secret;
        }
        else
        {
            form["grant_type"] = "password";
            form["username"] = credential.UserName;
            form["password"] = credential.Secret;
        }

        using HttpResponseMessage response = await SendAsync(
            host, _ => new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) }, followed: false, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? await ReadAsync(realm, response, cancellationToken).ConfigureAwait(false)
            : throw Refused(host, realm, response.StatusCode, credential);
    }

    private Task<HttpResponseMessage> SendAsync(RegistryHost host, Func<StallGuard, HttpRequestMessage> request, bool followed, CancellationToken cancellationToken) =>
        http.SendAsync(new RegistryExchange { Host = host, Request = request, Follows = followed }, cancellationToken);

    private async Task<BearerToken> ReadAsync(Uri realm, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = await http.ReadAsync(response, LargestAnswer, cancellationToken).ConfigureAwait(false)
            ?? throw RegistryErrors.Unexpected(realm.Authority, "its answer is too large for a token");
        try
        {
            using var document = JsonDocument.Parse(body);
            string? token = Text("token") ?? Text("access_token");
            int? seconds = document.RootElement.TryGetProperty("expires_in", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
            return token is null || token.AsSpan().ContainsAnyInRange('\0', ' ')
                ? throw RegistryErrors.Unexpected(realm.Authority, "its answer has no token in it")
                : BearerToken.Received(token, seconds);

            string? Text(string name) =>
                document.RootElement.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String && found.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw RegistryErrors.Unexpected(realm.Authority, "its answer to a request for a token is not JSON");
        }
    }

    private static ContainerdException Refused(RegistryHost host, Uri realm, HttpStatusCode status, RegistryCredential? credential) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
            ? RegistryErrors.Unauthorized(host.Authority, credential)
            : RegistryErrors.Status(realm.Authority, status, null);
}
