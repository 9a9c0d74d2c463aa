using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A mount inside a container.</summary>
public sealed class SpecMount
{
    /// <summary>Absolute path inside the container.</summary>
    public string? Destination { get; set; }

    /// <summary>Type of file system, such as <c>bind</c>, <c>tmpfs</c>, <c>proc</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Device, path on the daemon's host, or name of the file system.</summary>
    public string? Source { get; set; }

    /// <summary>Mount options, such as <c>rbind</c>, <c>ro</c>, <c>size=65536k</c>.</summary>
    public List<string>? Options { get; set; }

    /// <summary>User id mappings of an id-mapped mount.</summary>
    public List<LinuxIdMapping>? UidMappings { get; set; }

    /// <summary>Group id mappings of an id-mapped mount.</summary>
    public List<LinuxIdMapping>? GidMappings { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Source} -> {Destination}";
}
