using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Limit of the number of processes and threads of a cgroup.</summary>
public sealed class LinuxPids
{
    /// <summary>Most processes and threads; -1 is unlimited.</summary>
    public long? Limit { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
