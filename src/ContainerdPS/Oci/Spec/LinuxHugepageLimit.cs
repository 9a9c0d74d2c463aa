using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Limit of huge pages of one size.</summary>
public sealed class LinuxHugepageLimit
{
    /// <summary>Page size, such as <c>2MB</c> or <c>1GB</c>.</summary>
    public string? PageSize { get; set; }

    /// <summary>Most memory in pages of this size, in bytes.</summary>
    public ulong? Limit { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
