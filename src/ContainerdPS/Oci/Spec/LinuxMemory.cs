using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Memory limits of a cgroup.</summary>
public sealed class LinuxMemory
{
    /// <summary>Most memory, in bytes; -1 is unlimited.</summary>
    public long? Limit { get; set; }

    /// <summary>Soft limit that is enforced when memory is short, in bytes; -1 is unlimited.</summary>
    public long? Reservation { get; set; }

    /// <summary>Most memory and swap together, in bytes; -1 is unlimited.</summary>
    public long? Swap { get; set; }

    /// <summary>Most kernel memory, in bytes (cgroup v1; newer kernels ignore it).</summary>
    public long? Kernel { get; set; }

    /// <summary>Most kernel memory of TCP buffers, in bytes (cgroup v1).</summary>
    [JsonPropertyName("kernelTCP")]
    public long? KernelTcp { get; set; }

    /// <summary>How readily the kernel swaps, 0 to 100 (cgroup v1).</summary>
    public ulong? Swappiness { get; set; }

    /// <summary>Whether processes wait instead of being killed when memory is out (cgroup v1).</summary>
    [JsonPropertyName("disableOOMKiller")]
    public bool? DisableOomKiller { get; set; }

    /// <summary>Whether memory is accounted with that of child cgroups (cgroup v1).</summary>
    public bool? UseHierarchy { get; set; }

    /// <summary>Whether an update is refused when it sets a limit below the present use.</summary>
    public bool? CheckBeforeUpdate { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
