namespace ContainerdPS.Daemons;

/// <summary>How a private daemon is started. Every path is absolute.</summary>
internal sealed record PrivateDaemonOptions
{
    /// <summary>The containerd binary; null looks along PATH and in the usual folders.</summary>
    public string? BinaryPath { get; init; }

    /// <summary>The runc (or compatible) binary containers run with; null looks along PATH and in the usual folders.</summary>
    public string? RuntimePath { get; init; }

    /// <summary>
    /// The folder the daemon's own folder is made in; null is the system's temporary folder. It must be short: a unix
    /// socket's path has at most 107 bytes.
    /// </summary>
    public string? ParentDirectory { get; init; }

    /// <summary>trace, debug, info, warn, error, fatal or panic; wins over what a configuration says.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary>Further configuration (TOML, version 2), which wins over ours; null for none.</summary>
    public string? ConfigText { get; init; }

    /// <summary>
    /// A configuration file used instead of ours. Root, state and address stay private whatever it says; what else it
    /// places outside the folder is not cleaned up.
    /// </summary>
    public string? ConfigPath { get; init; }

    /// <summary>How long the daemon may take until it serves.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Variables added to this process's environment for the daemon; a null value takes one away.</summary>
    public IReadOnlyDictionary<string, string?>? EnvironmentVariables { get; init; }

    /// <summary>Leaves the folder with log and configuration in place when the start fails.</summary>
    public bool KeepOnFailure { get; init; }
}
