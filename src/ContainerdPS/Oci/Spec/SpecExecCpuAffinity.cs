using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>CPUs a process started in a running container may use.</summary>
public sealed class SpecExecCpuAffinity
{
    /// <summary>CPU list (<c>0-3,7</c>) before the process is moved to the container's cgroup.</summary>
    public string? Initial { get; set; }

    /// <summary>CPU list (<c>0-3,7</c>) after the process was moved to the container's cgroup.</summary>
    public string? Final { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
