using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Oci;

/// <summary>How one step of an image came about.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>When the step was made.</summary>
    [JsonIgnore]
    public DateTimeOffset? Created
    {
        get => ImageTime.Parse(CreatedText);
        init => CreatedText = ImageTime.Format(value);
    }

    /// <summary>Command that made the step.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    /// <summary>Who made the step.</summary>
    public string? Author { get; init; }

    /// <summary>Remark about the step.</summary>
    public string? Comment { get; init; }

    /// <summary>True when the step changed only the configuration and made no layer.</summary>
    [JsonPropertyName("empty_layer")]
    public bool? EmptyLayer { get; init; }

    /// <summary>Members of the step this type does not know, by name.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }

    /// <summary>When it was made as the document has it: a step that is written again stays what it was, to the nanosecond.</summary>
    [JsonInclude]
    [JsonPropertyOrder(-1)]
    [JsonPropertyName("created")]
    [JsonConverter(typeof(ImageTime))]
    internal string? CreatedText { get; init; }

    /// <summary>The command that made the step.</summary>
    public override string ToString() => CreatedBy ?? Comment ?? "";
}
