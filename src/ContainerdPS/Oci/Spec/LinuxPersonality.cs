using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Execution domain of a process.</summary>
public sealed class LinuxPersonality
{
    /// <summary>Domain: <c>LINUX</c> or <c>LINUX32</c>.</summary>
    public string? Domain { get; set; }

    /// <summary>Further flags; the specification names none.</summary>
    public List<string>? Flags { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
