using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A process to run in a container: the container's first one, or one started later (exec).</summary>
public sealed class SpecProcess
{
    /// <summary>Whether the process gets a terminal.</summary>
    public bool? Terminal { get; set; }

    /// <summary>Size of the terminal, in characters.</summary>
    public SpecConsoleSize? ConsoleSize { get; set; }

    /// <summary>The user the process runs as.</summary>
    public SpecUser? User { get; set; }

    /// <summary>The program and its arguments, as for execve.</summary>
    public List<string>? Args { get; set; }

    /// <summary>The whole command line in one text (Windows only).</summary>
    public string? CommandLine { get; set; }

    /// <summary>Environment, each entry <c>NAME=VALUE</c>.</summary>
    public List<string>? Env { get; set; }

    /// <summary>Absolute path of the working directory inside the container.</summary>
    public string? Cwd { get; set; }

    /// <summary>Linux capabilities of the process.</summary>
    public SpecCapabilities? Capabilities { get; set; }

    /// <summary>Resource limits of the process (setrlimit).</summary>
    public List<SpecRlimit>? Rlimits { get; set; }

    /// <summary>Whether the process and its children can gain no privileges, for example through setuid programs.</summary>
    public bool? NoNewPrivileges { get; set; }

    /// <summary>Name of the AppArmor profile to run under.</summary>
    public string? ApparmorProfile { get; set; }

    /// <summary>Adjustment of the out-of-memory score, -1000 (never killed) to 1000 (killed first).</summary>
    public int? OomScoreAdj { get; set; }

    /// <summary>SELinux label to run under.</summary>
    public string? SelinuxLabel { get; set; }

    /// <summary>Scheduler policy of the process.</summary>
    public SpecScheduler? Scheduler { get; set; }

    /// <summary>I/O priority of the process.</summary>
    [JsonPropertyName("ioPriority")]
    public SpecIOPriority? IOPriority { get; set; }

    /// <summary>CPUs a process started in a running container may use.</summary>
    [JsonPropertyName("execCPUAffinity")]
    public SpecExecCpuAffinity? ExecCpuAffinity { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => CommandLine ?? string.Join(' ', Args ?? []);
}
