using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Block I/O limit for one device.</summary>
public sealed class LinuxThrottleDevice
{
    /// <summary>Major device number.</summary>
    public long? Major { get; set; }

    /// <summary>Minor device number.</summary>
    public long? Minor { get; set; }

    /// <summary>Bytes or operations a second, as the list says that holds it.</summary>
    public ulong? Rate { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }
}
