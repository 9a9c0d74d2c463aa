namespace ContainerdPS.Registry;

/// <summary>The hosts that may have the images of a registry.</summary>
/// <param name="Hosts">In the order in which they are tried.</param>
/// <param name="Root">The folder of hosts folders that told of them; null when none did.</param>
internal sealed record RegistryHosts(IReadOnlyList<RegistryHost> Hosts, string? Root)
{
    private const string HttpsPort = "443";
    private const string HttpPort = "80";

    /// <summary>Finds them for a registry: what a hosts folder says, else the registry itself.</summary>
    /// <exception cref="ContainerdException">A hosts folder cannot be read, or makes no sense.</exception>
    public static async Task<RegistryHosts> FindAsync(string domain, RegistrySettings settings, CancellationToken cancellationToken)
    {
        if (settings.HostsFolder is { } given && !Directory.Exists(given))
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound, $"There is no folder '{given}' of hosts folders. Give one with -HostsDirectory that has a folder for each registry, such as 'docker.io' with a hosts.toml in it.") { Reason = "FolderNotFound" };
        }

        RegistryHost registry = Default(domain, settings);
        return HostsFolder.Find(settings.HostsFolders, domain) is var (root, folder)
            ? new RegistryHosts(await HostsFolder.ReadAsync(folder, registry, settings.Tls, cancellationToken).ConfigureAwait(false), root)
            : new RegistryHosts([registry], null);
    }

    /// <summary>The hosts of a registry that can do something.</summary>
    /// <exception cref="ContainerdException">The hosts folder names none.</exception>
    public IReadOnlyList<RegistryHost> With(HostCapabilities wanted, string domain)
    {
        RegistryHost[] able = Hosts.Where(host => (host.Capabilities & wanted) == wanted).ToArray();
        return able.Length > 0 ? able : throw new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            $"The hosts folder in '{Root}' names no host for '{domain}' that may {(wanted == HostCapabilities.Push ? "be pushed to" : "be pulled from")}.") { Reason = "NoRegistryHost" };
    }

    private static RegistryHost Default(string domain, RegistrySettings settings)
    {
        var host = new RegistryHost
        {
            Scheme = settings.PlainHttp ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            Authority = RegistryHost.ServerOf(domain),
            Tls = settings.Tls,
            IsRegistry = true,
        };
        if (settings.PlainHttp || !Loopback.Is(domain))
        {
            return host;
        }

        // What listens on this machine only is a registry somebody tries out: its certificate, if it has one, is its own.
        return Loopback.PortOf(domain) switch
        {
            HttpPort => host with { Scheme = Uri.UriSchemeHttp },
            "" or HttpsPort => host with { Tls = Unchecked(settings.Tls) },
            _ => host with { MayBePlain = true, Tls = Unchecked(settings.Tls) },
        };
    }

    private static HostTls Unchecked(HostTls tls) => tls with { SkipCheck = tls.SkipCheck || tls.Authorities.Count == 0 };
}
