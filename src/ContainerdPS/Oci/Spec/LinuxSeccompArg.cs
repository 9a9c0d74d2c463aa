using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A condition on an argument of a system call.</summary>
public sealed class LinuxSeccompArg
{
    /// <summary>Which argument, from 0.</summary>
    public uint? Index { get; set; }

    /// <summary>Value to compare with, or the mask of a masked comparison.</summary>
    public ulong? Value { get; set; }

    /// <summary>Value a masked argument is compared with.</summary>
    public ulong? ValueTwo { get; set; }

    /// <summary>Comparison, such as <c>SCMP_CMP_EQ</c> or <c>SCMP_CMP_MASKED_EQ</c>.</summary>
    public string? Op { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
