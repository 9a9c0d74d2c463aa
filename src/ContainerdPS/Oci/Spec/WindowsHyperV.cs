using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Isolation of a Windows container in a virtual machine.</summary>
public sealed class WindowsHyperV
{
    /// <summary>Path of the image the virtual machine starts from.</summary>
    [JsonPropertyName("utilityVMPath")]
    public string? UtilityVmPath { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
