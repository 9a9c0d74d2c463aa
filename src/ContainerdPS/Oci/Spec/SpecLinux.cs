using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>What is special to Linux containers.</summary>
public sealed class SpecLinux
{
    /// <summary>User ids of the container's user namespace.</summary>
    public List<LinuxIdMapping>? UidMappings { get; set; }

    /// <summary>Group ids of the container's user namespace.</summary>
    public List<LinuxIdMapping>? GidMappings { get; set; }

    /// <summary>Kernel parameters to set inside the container, by dotted name.</summary>
    public Dictionary<string, string>? Sysctl { get; set; }

    /// <summary>Limits the container's cgroup enforces.</summary>
    public LinuxResources? Resources { get; set; }

    /// <summary>Path of the container's cgroup (<c>/default/web</c>), or <c>slice:prefix:name</c> with the systemd driver.</summary>
    public string? CgroupsPath { get; set; }

    /// <summary>Namespaces the container has of its own or joins; a type not listed is the host's.</summary>
    public List<LinuxNamespace>? Namespaces { get; set; }

    /// <summary>Device nodes to make inside the container.</summary>
    public List<LinuxDevice>? Devices { get; set; }

    /// <summary>Network devices to move into the container, by their name on the host.</summary>
    public Dictionary<string, LinuxNetDevice>? NetDevices { get; set; }

    /// <summary>System call filter.</summary>
    public LinuxSeccomp? Seccomp { get; set; }

    /// <summary>Mount propagation of the root file system: <c>shared</c>, <c>slave</c>, <c>private</c> or <c>unbindable</c>.</summary>
    public string? RootfsPropagation { get; set; }

    /// <summary>Paths inside the container that cannot be read.</summary>
    public List<string>? MaskedPaths { get; set; }

    /// <summary>Paths inside the container that are read-only.</summary>
    public List<string>? ReadonlyPaths { get; set; }

    /// <summary>SELinux label of the container's mounts.</summary>
    public string? MountLabel { get; set; }

    /// <summary>Cache and memory bandwidth allocation (resctrl).</summary>
    public LinuxIntelRdt? IntelRdt { get; set; }

    /// <summary>NUMA memory policy (set_mempolicy).</summary>
    public LinuxMemoryPolicy? MemoryPolicy { get; set; }

    /// <summary>Execution domain (personality).</summary>
    public LinuxPersonality? Personality { get; set; }

    /// <summary>Offsets of the time namespace's clocks, by <c>boottime</c> or <c>monotonic</c>.</summary>
    public Dictionary<string, LinuxTimeOffset>? TimeOffsets { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
