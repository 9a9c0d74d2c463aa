using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Limits of a Windows container. Also what a running task is updated with.</summary>
public sealed class WindowsResources
{
    /// <summary>Memory limit.</summary>
    public WindowsMemory? Memory { get; set; }

    /// <summary>CPU limits.</summary>
    public WindowsCpu? Cpu { get; set; }

    /// <summary>Storage limits.</summary>
    public WindowsStorage? Storage { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
