using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>CPU limits of a Windows container.</summary>
public sealed class WindowsCpu
{
    /// <summary>Number of CPUs.</summary>
    public ulong? Count { get; set; }

    /// <summary>Weight against other containers, 1 to 10000.</summary>
    public ushort? Shares { get; set; }

    /// <summary>Most CPU time, in hundredths of a percent (10000 is all).</summary>
    public ushort? Maximum { get; set; }

    /// <summary>Processors that may be used, one entry a processor group.</summary>
    public List<WindowsCpuGroupAffinity>? Affinity { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
