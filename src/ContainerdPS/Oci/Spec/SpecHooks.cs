using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Programs the runtime calls at points of a container's life, each list in order.</summary>
public sealed class SpecHooks
{
    /// <summary>Before the user's program starts (deprecated by the specification).</summary>
    public List<SpecHook>? Prestart { get; set; }

    /// <summary>While the container is created, in the runtime's namespaces.</summary>
    public List<SpecHook>? CreateRuntime { get; set; }

    /// <summary>While the container is created, in the container's namespaces.</summary>
    public List<SpecHook>? CreateContainer { get; set; }

    /// <summary>Before the user's program starts, in the container's namespaces.</summary>
    public List<SpecHook>? StartContainer { get; set; }

    /// <summary>After the user's program was started.</summary>
    public List<SpecHook>? Poststart { get; set; }

    /// <summary>After the container was deleted.</summary>
    public List<SpecHook>? Poststop { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
