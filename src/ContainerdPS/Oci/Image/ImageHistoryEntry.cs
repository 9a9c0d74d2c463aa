using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>How one step of an image came about.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>When the step was made.</summary>
    public DateTimeOffset? Created { get; init; }

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

    /// <summary>The command that made the step.</summary>
    public override string ToString() => CreatedBy ?? Comment ?? "";
}
