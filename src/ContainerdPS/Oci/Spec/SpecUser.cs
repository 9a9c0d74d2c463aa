using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>The user a process runs as.</summary>
public sealed class SpecUser
{
    /// <summary>Numeric user id inside the container.</summary>
    public uint? Uid { get; set; }

    /// <summary>Numeric primary group id inside the container.</summary>
    public uint? Gid { get; set; }

    /// <summary>File mode creation mask, as a number (octal 022 is 18).</summary>
    public uint? Umask { get; set; }

    /// <summary>Numeric ids of further groups.</summary>
    public List<uint>? AdditionalGids { get; set; }

    /// <summary>User name (Windows only).</summary>
    public string? Username { get; set; }

    /// <summary>Members of the document this class does not know, by name; they are written back as they were read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? ExtensionData { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Username ?? $"{Uid}:{Gid}";
}
