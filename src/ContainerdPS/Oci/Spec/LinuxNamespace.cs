using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A namespace of a container.</summary>
public sealed class LinuxNamespace
{
    /// <summary>
    /// Type: <c>pid</c>, <c>network</c>, <c>mount</c>, <c>ipc</c>, <c>uts</c>, <c>user</c>, <c>cgroup</c> or
    /// <c>time</c>.
    /// </summary>
    public string? Type { get; set; }

    /// <summary>File of an existing namespace to join; null makes a new one.</summary>
    public string? Path { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? Type ?? "" : $"{Type}:{Path}";
}
