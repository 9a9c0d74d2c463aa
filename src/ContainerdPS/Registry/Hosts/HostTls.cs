namespace ContainerdPS.Registry;

/// <summary>How a host's certificate is checked, and what we show it. Files are absolute paths of PEM files.</summary>
/// <param name="Authorities">Certificates trusted beside the system's.</param>
/// <param name="Clients">Our certificates, each with its key; a null key is in the certificate's own file.</param>
/// <param name="SkipCheck">Takes any certificate.</param>
internal sealed record HostTls(IReadOnlyList<string> Authorities, IReadOnlyList<(string Certificate, string? Key)> Clients, bool SkipCheck)
{
    public static HostTls Default { get; } = new([], [], false);

    /// <summary>The same for a host that was not meant: it may have the same issuer, but is not told who we are.</summary>
    public HostTls WithoutClients => this with { Clients = [] };

    /// <summary>Equal for what may share connections.</summary>
    public string Key => string.Join('\n', [SkipCheck ? "any" : "checked", .. Authorities, .. Clients.Select(static client => $"{client.Certificate}\t{client.Key}")]);
}
