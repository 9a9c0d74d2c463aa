using ContainerdPS.Oci.Image;

namespace ContainerdPS.Registry;

/// <summary>One server that may have a registry's images: the registry itself, or a mirror of it.</summary>
internal sealed record RegistryHost
{
    private const string DockerHubServer = "registry-1.docker.io";

    /// <summary>http or https.</summary>
    public required string Scheme { get; init; }

    /// <summary>Name or address, with a port where it is not the scheme's.</summary>
    public required string Authority { get; init; }

    /// <summary>Where its API begins, with a slash before it and none behind.</summary>
    public string Path { get; init; } = "/v2";

    public HostCapabilities Capabilities { get; init; } = HostCapabilities.All;

    public HostTls Tls { get; init; } = HostTls.Default;

    /// <summary>Headers each request to it gets; they may be secret.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Whether plain HTTP is tried where nobody speaks TLS: on this machine only, where the port does not tell.</summary>
    public bool MayBePlain { get; init; }

    /// <summary>Whether it is the registry a name means, which a command's own credentials are for. Mirrors are not.</summary>
    public bool IsRegistry { get; init; }

    /// <summary>Scheme and authority as addresses have them, without the port that is the scheme's own.</summary>
    public string Origin => OriginOf(new Uri($"{Scheme}://{Authority}"));

    /// <summary>The address of something of a repository, such as <c>manifests/latest</c>; a mirror is told whose repository it is.</summary>
    public Uri Address(ImageReference reference, string rest)
    {
        string address = $"{Origin}{Path}/{reference.Path}/{rest}";
        return new Uri(IsMirrorOf(reference.Domain) ? $"{address}{(rest.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ns={Uri.EscapeDataString(reference.Domain)}" : address);
    }

    public override string ToString() => Authority;

    public static string OriginOf(Uri address) => $"{address.Scheme}://{address.Authority}";

    /// <summary>The server Docker Hub's images come from.</summary>
    public static string ServerOf(string domain) => domain == "docker.io" ? DockerHubServer : domain;

    private bool IsMirrorOf(string domain) => Authority != domain && Authority != ServerOf(domain);
}
