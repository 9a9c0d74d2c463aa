using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Oci;

/// <summary>The configuration document of an image for one platform.</summary>
public sealed record ImageDocument
{
    /// <summary>When the image was made.</summary>
    [JsonIgnore]
    public DateTimeOffset? Created
    {
        get => ImageTime.Parse(CreatedText);
        init => CreatedText = ImageTime.Format(value);
    }

    /// <summary>Who made the image.</summary>
    public string? Author { get; init; }

    /// <summary>Processor architecture, such as <c>amd64</c>.</summary>
    public string Architecture { get => field ?? ""; init; }

    /// <summary>Variant of the architecture, such as <c>v7</c> of arm.</summary>
    public string? Variant { get; init; }

    /// <summary>Operating system, such as <c>linux</c>.</summary>
    public string Os { get => field ?? ""; init; }

    /// <summary>Version of the operating system (Windows).</summary>
    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    /// <summary>Features of the operating system the image needs.</summary>
    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>How the image wants to be run.</summary>
    public ImageConfig? Config { get; init; }

    /// <summary>The layers.</summary>
    [JsonPropertyName("rootfs")]
    public ImageRootFs? RootFs { get; init; }

    /// <summary>How each layer came about, oldest first.</summary>
    public IReadOnlyList<ImageHistoryEntry>? History { get; init; }

    /// <summary>Members of the document this type does not know, by name.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }

    /// <summary>When it was made as the document has it.</summary>
    [JsonInclude]
    [JsonPropertyOrder(-1)]
    [JsonPropertyName("created")]
    [JsonConverter(typeof(ImageTime))]
    internal string? CreatedText { get; init; }

    /// <summary>The platform the image is for.</summary>
    [JsonIgnore]
    public OciPlatform Platform => new()
    {
        Os = Os,
        Architecture = Architecture,
        Variant = Variant,
        OsVersion = OsVersion,
        OsFeatures = OsFeatures,
    };

    /// <summary>The platform and the command line.</summary>
    public override string ToString() => $"{Platform} {Config}".TrimEnd();
}
