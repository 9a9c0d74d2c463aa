using System.Net;
using System.Text.RegularExpressions;
using ContainerdPS.Registry;

namespace ContainerdPS.Images;

/// <summary>
/// Makes the errors of a transfer that the daemon ran the same as our own. The daemon tells them apart by its words alone.
/// </summary>
internal static partial class TransferFailures
{
    private const int LongestWords = 2000;

    private static readonly string[] InterruptedWords = ["unexpected EOF", "connection reset by peer", "broken pipe", "server closed idle connection", "use of closed network connection", "i/o timeout", "stream error: stream ID", "http2: server sent GOAWAY", "http2: client connection lost"];

    // An answer that was too short. One whose connection broke is told so as well, and the daemon alone knows which it was.
    private static readonly string[] TooShortWords = ["short read: expected ", "failed to read expected number of bytes"];

    /// <summary>What happened, as we would have said it; null where the words are not known.</summary>
    /// <param name="registry">The registry's host.</param>
    /// <param name="words">What the daemon says.</param>
    /// <param name="isResumable">Whether it is about a part that can be gone on with, should its connection have broken.</param>
    public static ContainerdException? Recognise(string registry, string words, bool isResumable = false)
    {
        string host = HostIn().Match(words) is { Success: true } address ? address.Groups[1].Value : registry;
        if (CommitDigest().Match(words) is { Success: true } digest)
        {
            return RegistryErrors.WrongDigest("What the registry sent", digest.Groups[1].Value, digest.Groups[2].Value);
        }

        if (CommitSize().Match(words) is { Success: true } size)
        {
            return RegistryErrors.WrongSize("What the registry sent", size.Groups[1].Value, long.Parse(size.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
        }

        if (Array.Exists(TooShortWords, Has) && !(isResumable && Array.Exists(InterruptedWords, Has)))
        {
            return RegistryErrors.TooShort("What the registry sent");
        }

        if (words.Contains("rejecting ", StringComparison.Ordinal) && words.Contains(" byte manifest", StringComparison.Ordinal))
        {
            return new ContainerdException(ContainerdErrorCode.ResourceExhausted, "Its manifest is too large for what it should be.") { Reason = "ManifestTooLarge" };
        }

        if (Has("stopped after 10 redirects"))
        {
            return RegistryErrors.TooManyRedirections(host, 10);
        }

        if (Status().Match(words) is { Success: true } status)
        {
            return RegistryErrors.Status(host, (HttpStatusCode)int.Parse(status.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), null);
        }

        if (Has("authorization failed") || Has("failed to authorize") || Has("no basic auth credentials") || Has("insufficient_scope"))
        {
            return RegistryErrors.Unauthorized(host, null);
        }

        if (RegistryErrors.IsCertificateWanted(words))
        {
            return RegistryErrors.WantsCertificate(host, null);
        }

        if (Has("x509:") || Has("tls: failed to verify certificate"))
        {
            return new ContainerdException(
                ContainerdErrorCode.Unavailable, $"The certificate of '{host}' is not trusted by the daemon: {Tail("x509:")} Give its issuer's certificate as 'ca' in a hosts.toml, or with -CACertificate.") { Reason = "RegistryNotTrusted", ObjectKind = Services.ObjectKinds.Registry, ObjectId = host };
        }

        if (Has("server gave HTTP response to HTTPS client"))
        {
            return new ContainerdException(
                ContainerdErrorCode.Unavailable, $"'{host}' does not speak TLS. Where that is right, -PlainHttp speaks plain HTTP to it.") { Reason = "RegistryNotTls", ObjectKind = Services.ObjectKinds.Registry, ObjectId = host };
        }

        if (Array.Exists(InterruptedWords, Has))
        {
            return RegistryErrors.Broken(host, null, null);
        }

        if (Has("dial tcp") || Has("no such host") || Has("TLS handshake timeout"))
        {
            string problem = Has("connection refused") ? "nobody listens there (connection refused)" : Has("no such host") ? "its name is not known" : "it does not answer";
            return new ContainerdException(
                ContainerdErrorCode.Unavailable, $"'{host}' cannot be reached by the daemon: {problem}.") { Reason = "RegistryUnreachable", ObjectKind = Services.ObjectKinds.Registry, ObjectId = host };
        }

        return null;

        bool Has(string part) => words.Contains(part, StringComparison.Ordinal);

        string Tail(string part) => words[Math.Max(0, words.IndexOf(part, StringComparison.Ordinal))..].TrimEnd('.', ' ', '\n') + ".";
    }

    /// <summary>
    /// The daemon's words without who somebody is in an address, and what is behind its question mark: it may be a
    /// signature. Nor do they steer a terminal.
    /// </summary>
    public static string Safe(string words) => RegistryErrors.Shown(Query().Replace(User().Replace(words, "://"), "?…").TrimEnd('.', ' ', '\n'), LongestWords);

    [GeneratedRegex("https?://(?:[^@/\\s\"]*@)?([^/\\s\"?]+)")]
    private static partial Regex HostIn();

    [GeneratedRegex("unexpected commit digest ([a-z0-9]+:[0-9a-f]+), expected ([a-z0-9]+:[0-9a-f]+)")]
    private static partial Regex CommitDigest();

    [GeneratedRegex("(?:unexpected commit size|failed size validation:) (\\d+)(?:, expected| !=) (\\d+)")]
    private static partial Regex CommitSize();

    [GeneratedRegex("(?:unexpected status[^:]*(?:https?://\\S+)?:|unexpected status code [^\\s]+:|status code [^\\s]+:) ?(\\d{3})\\b")]
    private static partial Regex Status();

    [GeneratedRegex("://[^@/\\s\"]*@")]
    private static partial Regex User();

    [GeneratedRegex("\\?[^\\s\"]+")]
    private static partial Regex Query();
}
