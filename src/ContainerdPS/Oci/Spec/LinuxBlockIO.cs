using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Block I/O weights and limits of a cgroup.</summary>
public sealed class LinuxBlockIO
{
    /// <summary>Weight against other cgroups, 10 to 1000.</summary>
    public ushort? Weight { get; set; }

    /// <summary>Weight of the cgroup's own processes against its child cgroups, 10 to 1000.</summary>
    public ushort? LeafWeight { get; set; }

    /// <summary>Weights, one a device.</summary>
    public List<LinuxWeightDevice>? WeightDevice { get; set; }

    /// <summary>Read limits in bytes a second, one a device.</summary>
    public List<LinuxThrottleDevice>? ThrottleReadBpsDevice { get; set; }

    /// <summary>Write limits in bytes a second, one a device.</summary>
    public List<LinuxThrottleDevice>? ThrottleWriteBpsDevice { get; set; }

    /// <summary>Read limits in operations a second, one a device.</summary>
    [JsonPropertyName("throttleReadIOPSDevice")]
    public List<LinuxThrottleDevice>? ThrottleReadIopsDevice { get; set; }

    /// <summary>Write limits in operations a second, one a device.</summary>
    [JsonPropertyName("throttleWriteIOPSDevice")]
    public List<LinuxThrottleDevice>? ThrottleWriteIopsDevice { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
