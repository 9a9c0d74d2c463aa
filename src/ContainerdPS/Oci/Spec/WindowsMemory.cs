using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Memory limit of a Windows container.</summary>
public sealed class WindowsMemory
{
    /// <summary>Most memory, in bytes.</summary>
    public ulong? Limit { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
