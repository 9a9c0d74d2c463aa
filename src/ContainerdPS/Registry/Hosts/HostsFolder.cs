namespace ContainerdPS.Registry;

/// <summary>
/// The folders in which containerd is told how to reach registries: one a registry, with a hosts.toml in it or with
/// certificates alone, as Docker has them.
/// </summary>
internal static class HostsFolder
{
    /// <summary>Where containerd's own clients look.</summary>
    public static IReadOnlyList<string> Defaults { get; } = OperatingSystem.IsWindows() ? [] : ["/etc/containerd/certs.d", "/etc/docker/certs.d"];

    /// <summary>The root that has something to say of a registry, and its folder for it; null when none has.</summary>
    public static (string Root, string Folder)? Find(IReadOnlyList<string> roots, string domain)
    {
        foreach (string root in roots)
        {
            foreach (string name in Names(domain))
            {
                string folder = Path.Combine(root, name);
                if (Directory.Exists(folder))
                {
                    return (root, folder);
                }
            }
        }

        return null;
    }

    /// <summary>The hosts a folder names, in the order in which they are tried. The last is the registry itself where the folder does not name it.</summary>
    /// <param name="folder">The folder of one registry.</param>
    /// <param name="registry">The registry as it is reached when nothing is said.</param>
    /// <param name="given">What holds for every host beside what the folder says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<RegistryHost>> ReadAsync(string folder, RegistryHost registry, HostTls given, CancellationToken cancellationToken)
    {
        string file = Path.Combine(folder, "hosts.toml");
        try
        {
            string text = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false) : string.Empty;
            return text.Length > 0 ? HostsFile.Parse(file, text, registry, given) : [registry with { Tls = Certificates(folder, registry.Tls, given) }];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerdException(
                e is UnauthorizedAccessException ? ContainerdErrorCode.PermissionDenied : ContainerdErrorCode.NotFound,
                $"'{folder}', which says how to reach '{registry.Authority}', cannot be read: {e.Message}",
                e) { Reason = "HostsFileUnreadable" };
        }
    }

    /// <summary>A colon is no character of a folder's name everywhere.</summary>
    private static IEnumerable<string> Names(string domain)
    {
        string port = Loopback.PortOf(domain);
        if (port.Length > 0)
        {
            yield return $"{Loopback.NameOf(domain)}_{port}_";
        }

        yield return domain;
        yield return "_default";
    }

    private static HostTls Certificates(string folder, HostTls unless, HostTls given)
    {
        string[] files = Directory.GetFiles(folder);
        Array.Sort(files, StringComparer.Ordinal);
        string[] authorities = files.Where(static file => file.EndsWith(".crt", StringComparison.Ordinal)).ToArray();
        return new HostTls(
            [.. given.Authorities, .. authorities],
            [.. given.Clients, .. files.Where(static file => file.EndsWith(".cert", StringComparison.Ordinal)).Select(Pair)],
            authorities.Length > 0 ? given.SkipCheck : unless.SkipCheck);

        static (string, string?) Pair(string certificate)
        {
            string key = Path.ChangeExtension(certificate, ".key");
            return (certificate, File.Exists(key) ? key : null);
        }
    }
}
