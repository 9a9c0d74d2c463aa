using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A device handed to a Windows container.</summary>
public sealed class WindowsDevice
{
    /// <summary>Identifier of the device.</summary>
    public string? Id { get; set; }

    /// <summary>Kind of identifier, such as <c>class</c>.</summary>
    public string? IdType { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
