using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Block I/O weight for one device.</summary>
public sealed class LinuxWeightDevice
{
    /// <summary>Major device number.</summary>
    public long? Major { get; set; }

    /// <summary>Minor device number.</summary>
    public long? Minor { get; set; }

    /// <summary>Weight against other cgroups, 10 to 1000.</summary>
    public ushort? Weight { get; set; }

    /// <summary>Weight of the cgroup's own processes against its child cgroups, 10 to 1000.</summary>
    public ushort? LeafWeight { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
