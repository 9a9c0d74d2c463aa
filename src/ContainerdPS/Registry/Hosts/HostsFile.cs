using System.Globalization;
using Tomlyn;
using Tomlyn.Model;

namespace ContainerdPS.Registry;

/// <summary>Reads a hosts.toml. It is containerd's own format, but what is wrong in one is told and not passed over.</summary>
internal sealed class HostsFile
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("us", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    private readonly string file;
    private readonly RegistryHost registry;
    private readonly HostTls given;

    private HostsFile(string file, RegistryHost registry, HostTls given)
    {
        this.file = file;
        this.registry = registry;
        this.given = given;
    }

    /// <summary>The hosts of a file, in their order; the registry itself comes last.</summary>
    /// <param name="file">Its path: what it names lies beside it.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="registry">The registry as it is reached when nothing is said.</param>
    /// <param name="given">What holds for every host beside what the file says.</param>
    /// <exception cref="ContainerdException">It is not TOML, or says something nobody can follow.</exception>
    public static IReadOnlyList<RegistryHost> Parse(string file, string text, RegistryHost registry, HostTls given)
    {
        var parser = new HostsFile(file, registry, given);
        TomlTable document;
        try
        {
            document = TomlSerializer.Deserialize<TomlTable>(text) ?? [];
        }
        catch (TomlException e)
        {
            throw parser.Invalid($"it is not TOML: {e.Message.TrimEnd('.')}", e);
        }

        var hosts = new List<RegistryHost>();
        foreach ((string address, object value) in parser.Table(document, "host"))
        {
            hosts.Add(parser.Host(address, value as TomlTable ?? throw parser.Invalid($"[host.\"{address}\"] is not a table")));
        }

        string? server = parser.Text(document, "server");
        hosts.Add(server is null ? parser.Complete(registry, document) : parser.Host(server, document) with { IsRegistry = true });
        return hosts;
    }

    private RegistryHost Host(string address, TomlTable table)
    {
        string full = address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address;
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw Invalid($"'{address}' is not the address of a host");
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        if (!Flag(table, "override_path") && !path.EndsWith("/v2", StringComparison.Ordinal))
        {
            path += "/v2";
        }

        return Complete(new RegistryHost { Scheme = uri.Scheme, Authority = uri.Authority, Path = path, Tls = given, IsRegistry = uri.Authority == registry.Authority }, table);
    }

    private RegistryHost Complete(RegistryHost host, TomlTable table)
    {
        string[] authorities = Strings(table, "ca").Select(Absolute).ToArray();
        TomlTable headers = Table(table, "header");

        // A certificate that is given to check by is checked by, on this machine too.
        bool skipCheck = table.ContainsKey("skip_verify") ? Flag(table, "skip_verify") : authorities.Length > 0 ? given.SkipCheck : host.Tls.SkipCheck;
        return host with
        {
            Capabilities = Capabilities(table),
            Tls = new HostTls([.. given.Authorities, .. authorities], [.. given.Clients, .. Clients(table)], skipCheck),
            Headers = headers.SelectMany(header => Strings(headers, header.Key).Select(value => KeyValuePair.Create(header.Key, value))).ToArray(),
            ConnectTimeout = Duration(Text(table, "dial_timeout")),
        };
    }

    private HostCapabilities Capabilities(TomlTable table)
    {
        string[] given = Strings(table, "capabilities");
        return given.Length == 0 ? HostCapabilities.All : given.Aggregate(HostCapabilities.None, (all, one) => all | one.ToLowerInvariant() switch
        {
            "pull" => HostCapabilities.Pull,
            "resolve" => HostCapabilities.Resolve,
            "push" => HostCapabilities.Push,

            // Known to containerd, and nothing that is asked for here.
            "referrers" => HostCapabilities.None,
            _ => throw Invalid($"'{one}' is not a capability; pull, resolve, push and referrers are"),
        });
    }

    private IEnumerable<(string, string?)> Clients(TomlTable table)
    {
        if (!table.TryGetValue("client", out object? value))
        {
            yield break;
        }

        foreach (object? item in value as IEnumerable<object?> ?? [value])
        {
            yield return item switch
            {
                string one => (Absolute(one), null),
                TomlArray { Count: 2 } pair when pair[0] is string certificate && pair[1] is string key => (Absolute(certificate), Absolute(key)),
                _ => throw Invalid("'client' is a file, a list of files, or a list of pairs of certificate and key"),
            };
        }
    }

    private TimeSpan? Duration(string? text)
    {
        foreach ((string unit, double seconds) in Units)
        {
            if (text?.EndsWith(unit, StringComparison.Ordinal) == true
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number * seconds is > 0 and < 86400)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return text is null ? null : throw Invalid($"'{text}' is not a duration such as 5s");
    }

    private string[] Strings(TomlTable table, string key) => !table.TryGetValue(key, out object? value) ? [] : value switch
    {
        string one => [one],
        TomlArray many => many.Select(item => item as string ?? throw Invalid($"'{key}' has something in it that is not text")).ToArray(),
        _ => throw Invalid($"'{key}' is neither text nor a list of texts"),
    };

    private string? Text(TomlTable table, string key) =>
        table.TryGetValue(key, out object? value) ? value as string ?? throw Invalid($"'{key}' is not text") : null;

    private bool Flag(TomlTable table, string key) =>
        table.TryGetValue(key, out object? value) && (value as bool? ?? throw Invalid($"'{key}' is neither true nor false"));

    private TomlTable Table(TomlTable table, string key) =>
        table.TryGetValue(key, out object? value) ? value as TomlTable ?? throw Invalid($"'{key}' is not a table") : [];

    private string Absolute(string path) => Path.GetFullPath(path, Path.GetDirectoryName(file)!);

    private ContainerdException Invalid(string problem, Exception? inner = null) => new(
        ContainerdErrorCode.InvalidArgument, $"'{file}', which says how to reach '{registry.Authority}', cannot be used: {problem}.", inner) { Reason = "HostsFileInvalid" };
}
