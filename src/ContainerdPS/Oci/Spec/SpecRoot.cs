using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>The root file system of a container.</summary>
public sealed class SpecRoot
{
    /// <summary>Path of the root file system, absolute or relative to the bundle.</summary>
    public string? Path { get; set; }

    /// <summary>Whether the root file system is read-only inside the container.</summary>
    public bool? Readonly { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Path ?? "";
}
