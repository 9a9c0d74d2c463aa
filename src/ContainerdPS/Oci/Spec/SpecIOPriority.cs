using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>I/O priority of a process (ioprio_set).</summary>
public sealed class SpecIOPriority
{
    /// <summary>Class: <c>IOPRIO_CLASS_RT</c>, <c>IOPRIO_CLASS_BE</c> or <c>IOPRIO_CLASS_IDLE</c>.</summary>
    public string? Class { get; set; }

    /// <summary>Level inside the class, 0 (highest) to 7.</summary>
    public int? Priority { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
