using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Limits a container's cgroup enforces. Also what a running task is updated with.</summary>
public sealed class LinuxResources
{
    /// <summary>Device access rules; later ones win.</summary>
    public List<LinuxDeviceCgroup>? Devices { get; set; }

    /// <summary>Memory limits.</summary>
    public LinuxMemory? Memory { get; set; }

    /// <summary>CPU limits.</summary>
    public LinuxCpu? Cpu { get; set; }

    /// <summary>Limit of the number of processes and threads.</summary>
    public LinuxPids? Pids { get; set; }

    /// <summary>Block I/O weights and limits.</summary>
    public LinuxBlockIO? BlockIO { get; set; }

    /// <summary>Limits of huge pages, one a page size.</summary>
    public List<LinuxHugepageLimit>? HugepageLimits { get; set; }

    /// <summary>Network class and priorities (cgroup v1).</summary>
    public LinuxNetwork? Network { get; set; }

    /// <summary>Limits of RDMA resources, by device name.</summary>
    public Dictionary<string, LinuxRdma>? Rdma { get; set; }

    /// <summary>Raw cgroup v2 settings, by file name (<c>memory.high</c>).</summary>
    public Dictionary<string, string>? Unified { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
