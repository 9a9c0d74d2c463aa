using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>CPU limits of a cgroup.</summary>
public sealed class LinuxCpu
{
    /// <summary>Weight against other cgroups; 1024 is usual.</summary>
    public ulong? Shares { get; set; }

    /// <summary>CPU time for each period, in microseconds; -1 is unlimited.</summary>
    public long? Quota { get; set; }

    /// <summary>Unused CPU time that may be kept for later, in microseconds.</summary>
    public ulong? Burst { get; set; }

    /// <summary>Length of a period, in microseconds.</summary>
    public ulong? Period { get; set; }

    /// <summary>Real-time CPU time for each real-time period, in microseconds.</summary>
    public long? RealtimeRuntime { get; set; }

    /// <summary>Length of a real-time period, in microseconds.</summary>
    public ulong? RealtimePeriod { get; set; }

    /// <summary>CPUs that may be used, as a list (<c>0-3,7</c>).</summary>
    public string? Cpus { get; set; }

    /// <summary>Memory nodes that may be used, as a list (<c>0,1</c>).</summary>
    public string? Mems { get; set; }

    /// <summary>1 makes the cgroup run only when nothing else does (SCHED_IDLE); 0 is usual.</summary>
    public long? Idle { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
