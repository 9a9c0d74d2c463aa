namespace ContainerdPS.Oci.SpecOptions;

/// <summary>
/// What a user asks of a new container's specification. Null means the image's or containerd's default. Texts are
/// checked by <see cref="SpecBuilder"/>, so a cmdlet hands its parameters over as they are.
/// </summary>
internal sealed record SpecRequest
{
    /// <summary>containerd's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>Replaces the image's Cmd; its entry point stays in front. Empty removes the Cmd.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Replaces the image's entry point, and drops its Cmd, which was meant for that entry point. Empty removes it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Entries <c>NAME=VALUE</c> to set, or <c>NAME</c> alone to remove.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>Absolute path inside the container.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary><c>name</c>, <c>uid</c>, <c>name:group</c> or <c>uid:gid</c>.</summary>
    public string? User { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Further mounts; one at a destination of the default specification replaces it.</summary>
    public IReadOnlyList<SpecMount>? Mounts { get; init; }

    /// <summary>Whether the process gets a terminal.</summary>
    public bool? Terminal { get; init; }

    /// <summary>Most memory, in bytes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Most memory and swap together, in bytes; -1 is unlimited.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Memory the container is pushed back to when memory is short, in bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Most CPU time, in CPUs: 1.5 is one CPU and a half.</summary>
    public double? Cpu { get; init; }

    /// <summary>Weight against other containers, 2 to 262144; 1024 is usual.</summary>
    public long? CpuShares { get; init; }

    /// <summary>CPUs that may be used, such as <c>0-3,7</c>.</summary>
    public string? CpuSet { get; init; }

    /// <summary>Memory nodes that may be used, such as <c>0,1</c>.</summary>
    public string? MemoryNodes { get; init; }

    /// <summary>Most processes and threads; -1 is unlimited.</summary>
    public long? PidsLimit { get; init; }

    public bool ReadOnlyRoot { get; init; }

    /// <summary>Capabilities to add, with or without <c>CAP_</c>; <c>ALL</c> for all.</summary>
    public IReadOnlyList<string>? AddCapability { get; init; }

    /// <summary>Capabilities to take away, with or without <c>CAP_</c>; <c>ALL</c> for all. Adding comes after.</summary>
    public IReadOnlyList<string>? DropCapability { get; init; }

    /// <summary>All capabilities and devices, nothing masked or read-only: hardly contained at all.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether the process can gain no privileges; true unless told otherwise.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>Devices of this machine: <c>/dev/x</c>, <c>/dev/x:/dev/y</c> or <c>/dev/x:/dev/y:rwm</c>; a folder stands for all in it.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Entries <c>name=soft</c> or <c>name=soft:hard</c>, such as <c>nofile=1024:4096</c>; a value may be <c>unlimited</c>.</summary>
    public IReadOnlyList<string>? Rlimits { get; init; }

    /// <summary>Kernel parameters, by dotted name.</summary>
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Name of an AppArmor profile the host has loaded.</summary>
    public string? AppArmorProfile { get; init; }

    /// <summary>System call filter; containerd has none by default.</summary>
    public LinuxSeccomp? Seccomp { get; init; }

    /// <summary>Whether the host's network is used instead of one of the container's own.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Whether the host's processes are seen.</summary>
    public bool HostPid { get; init; }

    /// <summary>Whether the host's shared memory and message queues are used.</summary>
    public bool HostIpc { get; init; }

    /// <summary>Adjustment of the out-of-memory score, -1000 to 1000.</summary>
    public int? OomScoreAdjustment { get; init; }

    /// <summary>Path of the cgroup, instead of <c>/NAMESPACE/ID</c>.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Root file system on the daemon's host, where no snapshot gives one.</summary>
    public string? RootPath { get; init; }

    /// <summary>Whether the daemon's host has cgroup v2 alone; null asks this machine.</summary>
    public bool? UnifiedCgroups { get; init; }
}
