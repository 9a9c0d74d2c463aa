using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>One resource limit of a process.</summary>
public sealed class SpecRlimit
{
    /// <summary>Name of the limit, such as <c>RLIMIT_NOFILE</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Ceiling for the soft limit; 18446744073709551615 is unlimited.</summary>
    public ulong? Hard { get; set; }

    /// <summary>Limit the kernel enforces; 18446744073709551615 is unlimited.</summary>
    public ulong? Soft { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}={Soft}:{Hard}";
}
