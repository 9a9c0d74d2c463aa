using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Offset of a clock inside a time namespace.</summary>
public sealed class LinuxTimeOffset
{
    /// <summary>Whole seconds.</summary>
    public long? Secs { get; set; }

    /// <summary>Nanoseconds beyond the whole seconds.</summary>
    public uint? Nanosecs { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
