using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Storage limits of a Windows container.</summary>
public sealed class WindowsStorage
{
    /// <summary>Most operations a second on the system drive.</summary>
    public ulong? Iops { get; set; }

    /// <summary>Most bytes a second on the system drive.</summary>
    public ulong? Bps { get; set; }

    /// <summary>Least size of the system drive, in bytes.</summary>
    public ulong? SandboxSize { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
