using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>One program called at a point of a container's life.</summary>
public sealed class SpecHook
{
    /// <summary>Absolute path of the program on the host.</summary>
    public string? Path { get; set; }

    /// <summary>Arguments, the program's name first.</summary>
    public List<string>? Args { get; set; }

    /// <summary>Environment, each entry <c>NAME=VALUE</c>.</summary>
    public List<string>? Env { get; set; }

    /// <summary>Seconds after which the hook is ended.</summary>
    public int? Timeout { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Path ?? "";
}
