using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Processors of one processor group.</summary>
public sealed class WindowsCpuGroupAffinity
{
    /// <summary>Bit mask of the processors inside the group.</summary>
    public ulong? Mask { get; set; }

    /// <summary>Number of the group.</summary>
    public uint? Group { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
