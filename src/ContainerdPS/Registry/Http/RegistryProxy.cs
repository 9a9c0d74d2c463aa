using System.Net;

namespace ContainerdPS.Registry;

/// <summary>
/// The proxy that is given, or those of HTTPS_PROXY, HTTP_PROXY and ALL_PROXY as they are now: the runtime's own reading of
/// them is of the process's beginning, and a shell sets its variables later. What NO_PROXY names, and this machine, is
/// reached without either.
/// </summary>
internal sealed class RegistryProxy : IWebProxy
{
    /// <summary>What the runtime can speak to proxies.</summary>
    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, "socks4", "socks4a", "socks5"];

    private readonly Uri? secure;
    private readonly Uri? plain;
    private readonly string[] exceptions;

    private RegistryProxy(Uri? secure, Uri? plain, ICredentials? credentials)
    {
        this.secure = secure;
        this.plain = plain;
        exceptions = (Variable("NO_PROXY") ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Credentials = credentials ?? new ProxyCredentials(secure, plain);
    }

    public ICredentials? Credentials { get; set; }

    /// <summary>The proxy for new connections; null when none is to be used.</summary>
    public static IWebProxy? Current()
    {
        Uri? any = Address("ALL_PROXY");
        Uri? secure = Address("HTTPS_PROXY") ?? any;
        Uri? plain = Address("HTTP_PROXY") ?? any;
        if (secure is null && plain is null)
        {
            // What the system is set to, where a system has such a setting.
            return OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? System.Net.Http.HttpClient.DefaultProxy : null;
        }

        return new RegistryProxy(secure, plain, credentials: null);
    }

    /// <summary>A proxy that is given for all connections.</summary>
    /// <param name="proxy">Its address; http:// where it says nothing of that.</param>
    /// <param name="credentials">Who we are to it; null for what its address says.</param>
    public static IWebProxy Given(Uri proxy, ICredentials? credentials)
    {
        Uri address = Parse(proxy.OriginalString)
            ?? throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "-Proxy is not the address of a proxy: http://HOST:PORT, with https, socks4, socks4a or socks5 in place of http where it is one of these.") { Reason = "ProxyInvalid" };
        return new RegistryProxy(address, address, credentials);
    }

    /// <summary>Whether the environment has what goes to a host take a proxy.</summary>
    public static bool IsFor(RegistryHost host) => Current() is RegistryProxy proxy && proxy.GetProxy(new Uri(host.Origin)) is not null;

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : destination.Scheme == Uri.UriSchemeHttps ? secure : plain;

    public bool IsBypassed(Uri host)
    {
        if (host.IsLoopback)
        {
            return true;
        }

        string name = host.IdnHost.Trim('[', ']');
        bool isAddress = IPAddress.TryParse(name, out IPAddress? address);
        return Array.Exists(exceptions, exception =>
        {
            if (exception == "*")
            {
                return true;
            }

            if (isAddress && IPNetwork.TryParse(exception, out IPNetwork network))
            {
                return network.Contains(address!);
            }

            string port = Loopback.PortOf(exception);
            string domain = Loopback.NameOf(exception).Trim('[', ']').TrimStart('*').TrimStart('.');
            return domain.Length > 0 && (port.Length == 0 || port == host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
                && (name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
        });
    }

    private static Uri? Address(string variable)
    {
        string? text = Variable(variable);
        return text is null ? null
            : Parse(text) ?? throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The environment variable {variable} does not hold the address of a proxy.") { Reason = "ProxyInvalid" };
    }

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out Uri? address)
        && address.Host.Length > 0 && Array.IndexOf(Schemes, address.Scheme) >= 0 ? address : null;

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } upper ? upper
        : Environment.GetEnvironmentVariable(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower : null;

    /// <summary>User and password that a proxy's address brings along.</summary>
    private sealed class ProxyCredentials(Uri? secure, Uri? plain) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            Uri? proxy = Array.Find([secure, plain], one => one?.UserInfo.Length > 0 && one.Authority == uri.Authority);
            if (proxy is null)
            {
                return null;
            }

            string[] parts = proxy.UserInfo.Split(':', 2);
            return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
        }
    }
}
