using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A network device moved into a container.</summary>
public sealed class LinuxNetDevice
{
    /// <summary>Name inside the container; null keeps the host's.</summary>
    public string? Name { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
