using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Network class and priorities of a cgroup (cgroup v1).</summary>
public sealed class LinuxNetwork
{
    /// <summary>Class id packets are tagged with.</summary>
    [JsonPropertyName("classID")]
    public uint? ClassId { get; set; }

    /// <summary>Priorities, one a network interface.</summary>
    public List<LinuxInterfacePriority>? Priorities { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
