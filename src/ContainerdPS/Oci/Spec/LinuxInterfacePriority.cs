using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Priority of a cgroup's traffic on one network interface.</summary>
public sealed class LinuxInterfacePriority
{
    /// <summary>Name of the interface.</summary>
    public string? Name { get; set; }

    /// <summary>Priority.</summary>
    public uint? Priority { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
