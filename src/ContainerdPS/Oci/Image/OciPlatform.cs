using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>What an image or a blob runs on: an operating system and a processor architecture, in Go's names.</summary>
public sealed record OciPlatform
{
    /// <summary>Operating system: <c>linux</c>, <c>windows</c>, <c>darwin</c>.</summary>
    public string Os { get => field ?? ""; init; }

    /// <summary>Processor architecture: <c>amd64</c>, <c>arm64</c>, <c>arm</c>, <c>386</c>.</summary>
    public string Architecture { get => field ?? ""; init; }

    /// <summary>Variant of the architecture, such as <c>v7</c> of arm; null when there is none.</summary>
    public string? Variant { get; init; }

    /// <summary>Version of the operating system, such as <c>10.0.20348.2700</c> (Windows); null when it does not matter.</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Features of the operating system the image needs; null when there are none.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>The platform as <c>os/architecture</c> or <c>os/architecture/variant</c>.</summary>
    public override string ToString() => string.IsNullOrEmpty(Variant) ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
