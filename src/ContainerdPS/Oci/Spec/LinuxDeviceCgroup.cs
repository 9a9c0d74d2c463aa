using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A rule that allows or denies access to devices. A null type or number stands for any.</summary>
public sealed class LinuxDeviceCgroup
{
    /// <summary>Whether the access is allowed.</summary>
    public bool? Allow { get; set; }

    /// <summary>Type: <c>a</c> (all), <c>c</c> (character) or <c>b</c> (block).</summary>
    public string? Type { get; set; }

    /// <summary>Major device number.</summary>
    public long? Major { get; set; }

    /// <summary>Minor device number.</summary>
    public long? Minor { get; set; }

    /// <summary>Letters out of <c>r</c> (read), <c>w</c> (write) and <c>m</c> (make a node).</summary>
    public string? Access { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
