using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>NUMA memory policy (set_mempolicy).</summary>
public sealed class LinuxMemoryPolicy
{
    /// <summary>Mode, such as <c>MPOL_BIND</c>.</summary>
    public string? Mode { get; set; }

    /// <summary>Memory nodes, as a list (<c>0-1</c>).</summary>
    public string? Nodes { get; set; }

    /// <summary>Flags, such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public List<string>? Flags { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
