using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A device node inside a container.</summary>
public sealed class LinuxDevice
{
    /// <summary>Absolute path inside the container.</summary>
    public string? Path { get; set; }

    /// <summary>Type: <c>c</c> (character), <c>b</c> (block), <c>u</c> (unbuffered character) or <c>p</c> (fifo).</summary>
    public string? Type { get; set; }

    /// <summary>Major device number.</summary>
    public long? Major { get; set; }

    /// <summary>Minor device number.</summary>
    public long? Minor { get; set; }

    /// <summary>Permission bits as a number (octal 0666 is 438).</summary>
    public uint? FileMode { get; set; }

    /// <summary>Numeric id of the owner inside the container.</summary>
    public uint? Uid { get; set; }

    /// <summary>Numeric id of the owning group inside the container.</summary>
    public uint? Gid { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Path ?? "";
}
