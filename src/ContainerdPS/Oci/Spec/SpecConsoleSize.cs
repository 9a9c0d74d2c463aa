using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Size of a terminal.</summary>
public sealed class SpecConsoleSize
{
    /// <summary>Rows, in characters.</summary>
    public uint? Height { get; set; }

    /// <summary>Columns, in characters.</summary>
    public uint? Width { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
