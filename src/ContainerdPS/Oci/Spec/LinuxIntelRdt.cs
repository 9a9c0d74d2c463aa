using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Cache and memory bandwidth allocation (resctrl).</summary>
public sealed class LinuxIntelRdt
{
    /// <summary>Name of the class of service.</summary>
    [JsonPropertyName("closID")]
    public string? ClosId { get; set; }

    /// <summary>Lines written to the class's schemata file.</summary>
    public List<string>? Schemata { get; set; }

    /// <summary>Schema of the level 3 cache.</summary>
    public string? L3CacheSchema { get; set; }

    /// <summary>Schema of the memory bandwidth.</summary>
    public string? MemBwSchema { get; set; }

    /// <summary>Whether cache occupancy is monitored.</summary>
    [JsonPropertyName("enableCMT")]
    public bool? EnableCmt { get; set; }

    /// <summary>Whether memory bandwidth is monitored.</summary>
    [JsonPropertyName("enableMBM")]
    public bool? EnableMbm { get; set; }

    /// <summary>Whether a monitoring group is made for the container.</summary>
    public bool? EnableMonitoring { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
