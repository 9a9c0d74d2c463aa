using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Limits of RDMA resources of one device.</summary>
public sealed class LinuxRdma
{
    /// <summary>Most HCA handles.</summary>
    public uint? HcaHandles { get; set; }

    /// <summary>Most HCA objects.</summary>
    public uint? HcaObjects { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
