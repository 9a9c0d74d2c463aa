using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A range of user or group ids of the host that appears as another one inside a container.</summary>
public sealed class LinuxIdMapping
{
    /// <summary>First id inside the container.</summary>
    [JsonPropertyName("containerID")]
    public uint? ContainerId { get; set; }

    /// <summary>First id on the host.</summary>
    [JsonPropertyName("hostID")]
    public uint? HostId { get; set; }

    /// <summary>Number of ids.</summary>
    public uint? Size { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
