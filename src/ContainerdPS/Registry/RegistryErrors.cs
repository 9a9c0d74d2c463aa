using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using ContainerdPS.Services;

namespace ContainerdPS.Registry;

/// <summary>
/// The errors of talking to a registry, in one voice. They name the host; the image is put before them by
/// <see cref="ForImage"/>. No address in them has a query, and no credential is ever in them.
/// </summary>
internal static class RegistryErrors
{
    private const int LongestDetail = 300;

    // As OpenSSL (for us) and Go (for the daemon) read the alert of a server that was shown no certificate, or not its own.
    private static readonly string[] WantedCertificateWords = ["alert certificate required", "alert bad certificate", "remote error: tls: certificate required", "remote error: tls: bad certificate"];

    private static readonly string[] DetailParts = ["code", "message"];

    /// <summary>Says which image, and which part of it, a failure is about.</summary>
    public static ContainerdException ForImage(string doing, ContainerdException e) => new(e.Code, $"{doing}: {e.Message}", e)
    {
        Reason = e.Reason,
        ObjectKind = e.ObjectKind,
        ObjectId = e.ObjectId,
        Undone = doing,
    };

    public static ContainerdException Unauthorized(string host, RegistryCredential? credential) => Error(
        ContainerdErrorCode.Unauthenticated,
        host,
        "RegistryUnauthorized",
        credential is null
            ? $"'{host}' asks who you are, and there are no credentials for it, or it has no such image to show. Give -Credential, or log in with 'docker login {host}'."
            : $"'{host}' does not accept {credential}: the credentials are wrong, or have no right to this image. Give others with -Credential.");

    /// <summary>An answer that is not the one expected.</summary>
    public static ContainerdException Status(string host, HttpStatusCode status, string? detail)
    {
        string said = $"{(int)status}{(detail is null ? string.Empty : $" ({detail})")}";
        return status switch
        {
            HttpStatusCode.NotFound => Error(ContainerdErrorCode.NotFound, host, "RegistryNotFound", $"'{host}' does not have it. It answered {said}."),
            HttpStatusCode.Unauthorized => Unauthorized(host, null),
            HttpStatusCode.Forbidden => Error(ContainerdErrorCode.PermissionDenied, host, "RegistryDenied", $"'{host}' does not allow it. It answered {said}."),
            HttpStatusCode.TooManyRequests => Error(ContainerdErrorCode.ResourceExhausted, host, "RegistryTooManyRequests", $"'{host}' has had too many requests. It answered {said}. Wait, or log in: most registries allow more to who is known."),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => Redirected(host, said, null),
            >= HttpStatusCode.InternalServerError => Error(ContainerdErrorCode.Unavailable, host, "RegistryFailed", $"'{host}' failed. It answered {said}."),
            _ => Error(ContainerdErrorCode.FailedPrecondition, host, "RegistryRefused", $"'{host}' refused. It answered {said}."),
        };
    }

    /// <summary>The same, with what the answer's body says of it.</summary>
    public static async Task<ContainerdException> StatusAsync(RegistryHttp http, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string? detail = null;
        Uri asked = response.RequestMessage!.RequestUri!;
        try
        {
            ReadOnlyMemory<byte> body = await http.ReadAsync(response, 64 * 1024, cancellationToken).ConfigureAwait(false) ?? default;
            if (asked.Scheme == Uri.UriSchemeHttp && response.StatusCode == HttpStatusCode.BadRequest && body.Span.IndexOf("HTTPS"u8) >= 0)
            {
                return NotPlain(asked.Authority);
            }

            detail = body.IsEmpty ? null : Detail(body);
            if (RegistryHttp.Target(response, asked) is { } target && RegistryHost.OriginOf(target) != RegistryHost.OriginOf(asked))
            {
                return Redirected(asked.Authority, $"{(int)response.StatusCode}", RegistryHost.OriginOf(target));
            }
        }
        catch (ContainerdException)
        {
            // The status alone has to do.
        }

        return Status(asked.Authority, response.StatusCode, detail);
    }

    /// <summary>What is read is taken from where a redirection leads; what is sent goes to nobody who was not named.</summary>
    private static ContainerdException Redirected(string host, string said, string? to) => Error(
        ContainerdErrorCode.FailedPrecondition,
        host,
        "RegistryRedirected",
        to is null
            ? $"'{host}' answered {said}, a redirection that cannot be followed."
            : $"'{host}' answered {said}: it redirects to '{to}', and nothing is sent to a server that was not named. Where that is the right one, send the image to a name there; else who runs '{host}' has to mend it.");

    /// <summary>What a server says to plain HTTP where it speaks TLS; it says so in words of its own.</summary>
    private static ContainerdException NotPlain(string host) => Error(
        ContainerdErrorCode.Unavailable, host, "RegistryNotPlain", $"'{host}' was asked in plain HTTP, and speaks HTTPS. Leave out -PlainHttp, or have a hosts.toml say https:// to it.");

    public static ContainerdException Unexpected(string host, string problem) =>
        Error(ContainerdErrorCode.FailedPrecondition, host, "RegistryUnexpected", $"'{host}' does not answer as a registry does: {problem}.");

    public static ContainerdException TooManyRedirections(string host, int count) => Error(
        ContainerdErrorCode.FailedPrecondition, host, "RegistryRedirectLoop", $"'{host}' redirects on and on; after {count} times it is not followed any more.");

    /// <summary>A request that got no answer.</summary>
    /// <param name="host">Where it went.</param>
    /// <param name="e">What was thrown.</param>
    /// <param name="stalled">How long nothing came, when that is what happened.</param>
    /// <param name="proxy">The proxy that leads there; null for none.</param>
    public static ContainerdException Unreachable(RegistryHost host, Exception e, TimeSpan? stalled, string? proxy)
    {
        if (stalled is { } limit)
        {
            return Stalled(host.Authority, limit, e);
        }

        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is ContainerdException own)
            {
                return own;
            }

            if (IsCertificateWanted(cause.Message))
            {
                return WantsCertificate(host.Authority, e);
            }

            if (cause is AuthenticationException)
            {
                return cause.InnerException is null && !cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                    ? Error(ContainerdErrorCode.Unavailable, host.Authority, "RegistryNotTls", $"'{host}' does not speak TLS. Where that is right, -PlainHttp speaks plain HTTP to it.", e)
                    : Error(ContainerdErrorCode.Unavailable, host.Authority, "RegistryNotTrusted", $"The certificate of '{host}' is not trusted: {Sentence(cause.Message)} Give its issuer's certificate with -CACertificate, or as 'ca' in a hosts.toml.", e);
            }
        }

        // What is connected to, where there is a proxy, is the proxy.
        string way = proxy is null ? string.Empty : e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            ? $"its proxy '{proxy}' cannot be reached: " : $"by the proxy '{proxy}', ";
        string problem = e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? "its name is not known"
            : e is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } ? "the proxy does not let through to it"
            : e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "it does not speak TLS (where that is right, -PlainHttp speaks plain HTTP to it)"
            : Socket(e) is { } socket ? socket switch
            {
                SocketError.ConnectionRefused => "nobody listens there (connection refused)",
                SocketError.TimedOut => "it does not answer",
                _ => $"the connection failed ({socket})",
            }
            : e is OperationCanceledException ? "it does not answer" : $"the connection broke ({e.Message.TrimEnd('.')})";
        return Error(ContainerdErrorCode.Unavailable, host.Authority, "RegistryUnreachable", $"'{host}' cannot be reached: {way}{problem}.", e);
    }

    public static ContainerdException WantsCertificate(string host, Exception? e) => Error(
        ContainerdErrorCode.Unauthenticated, host, "RegistryWantsCertificate", $"'{host}' wants to be shown a certificate that it accepts. Give yours, with its key, as 'client' in a hosts.toml.", e);

    /// <summary>Whether words, of the daemon or of a library, say that a server wants a certificate.</summary>
    public static bool IsCertificateWanted(string words) => Array.Exists(WantedCertificateWords, word => words.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>An answer that did not come to its end.</summary>
    public static ContainerdException Broken(string host, Exception? e, TimeSpan? stalled) => stalled is { } limit
        ? Stalled(host, limit, e)
        : Error(ContainerdErrorCode.Unavailable, host, "TransferInterrupted", $"The connection to '{host}' broke again and again. The next try goes on from there.", e);

    public static ContainerdException Stalled(string host, TimeSpan limit, Exception? e) => Error(
        ContainerdErrorCode.DeadlineExceeded,
        host,
        "RegistryStalled",
        string.Create(CultureInfo.InvariantCulture, $"Nothing came from '{host}' for {limit.TotalSeconds:0.###} s. The next try goes on from there; -StallTimeout gives it longer."),
        e);

    public static ContainerdException WrongDigest(string what, string actual, string expected) => new(
        ContainerdErrorCode.DataLoss, $"{what} has the digest {actual}, and not {expected}. It was damaged on its way, or altered; it is thrown away.") { Reason = "WrongDigest" };

    public static ContainerdException WrongSize(string what, string actual, long expected) => new(
        ContainerdErrorCode.DataLoss, string.Create(CultureInfo.InvariantCulture, $"{what} has {actual} bytes, and not {expected} as its manifest says. It is thrown away.")) { Reason = "WrongSize" };

    public static ContainerdException TooShort(string what) => new(
        ContainerdErrorCode.DataLoss, $"{what} is shorter than its manifest says. It is thrown away.") { Reason = "WrongSize" };

    /// <summary>What was sent is not what was kept.</summary>
    public static ContainerdException KeptWrong(string host, string actual, string expected) => Error(
        ContainerdErrorCode.DataLoss, host, "WrongDigest", $"'{host}' says that what it was sent has the digest {actual}, and not {expected}. It was damaged on its way, or altered.");

    /// <summary>What a registry says in its own words: its format has errors with a code and a message.</summary>
    private static string? Detail(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement first = document.RootElement.GetProperty("errors")[0];
            string text = string.Join(": ", DetailParts.Select(name => first.TryGetProperty(name, out JsonElement value) ? value.GetString() : null).Where(static part => !string.IsNullOrEmpty(part)));
            return text.Length == 0 ? null : Shown(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Text from outside must not steer a terminal, nor flood it.</summary>
    public static string Shown(string text, int longest = LongestDetail)
    {
        string cut = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
        return string.Concat(cut.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
    }

    private static string Sentence(string text) => text.TrimEnd('.', ' ') + ".";

    private static SocketError? Socket(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }

    private static ContainerdException Error(ContainerdErrorCode code, string host, string reason, string message, Exception? inner = null) =>
        new(code, message, inner) { Reason = reason, ObjectKind = ObjectKinds.Registry, ObjectId = host };
}
