using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Linux capability sets, each a list of names such as <c>CAP_NET_ADMIN</c>.</summary>
public sealed class SpecCapabilities
{
    /// <summary>The most the process and its children can ever have.</summary>
    public List<string>? Bounding { get; set; }

    /// <summary>What the kernel checks now.</summary>
    public List<string>? Effective { get; set; }

    /// <summary>What can be kept across execve.</summary>
    public List<string>? Inheritable { get; set; }

    /// <summary>What the process may make effective.</summary>
    public List<string>? Permitted { get; set; }

    /// <summary>What is kept across execve of an ordinary program.</summary>
    public List<string>? Ambient { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
