using System.Net;

namespace ContainerdPS.Registry;

/// <summary>How registries are reached, as far as a command says it.</summary>
internal sealed record RegistrySettings
{
    public static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(60);
    public const int DefaultRetries = 5;

    /// <summary>The folders with hosts.toml files, absolute; null for containerd's own.</summary>
    public string? HostsFolder { get; init; }

    /// <summary>Plain HTTP for every host of which nothing else is said.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>What holds for the certificates of all hosts.</summary>
    public HostTls Tls { get; init; } = HostTls.Default;

    /// <summary>The proxy to use; null for that of the environment.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Who we are to the registry a name means; null for what Docker's configuration says.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>How long nothing may come, or go, before a transfer is taken up anew.</summary>
    public TimeSpan StallTimeout { get; init; } = DefaultStallTimeout;

    /// <summary>How often a request is made again, without any progress in between.</summary>
    public int Retries { get; init; } = DefaultRetries;

    /// <summary>Waits between tries.</summary>
    public Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>Told what is done, for who looks on. Nothing secret is ever in it.</summary>
    public Action<string>? Log { get; init; }

    public IReadOnlyList<string> HostsFolders => HostsFolder is null ? Registry.HostsFolder.Defaults : [HostsFolder];
}
