using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>The layers of an image.</summary>
public sealed record ImageRootFs
{
    /// <summary>Kind of root file system; always <c>layers</c>.</summary>
    public string Type { get => field ?? "layers"; init; }

    /// <summary>Digests of the layers' uncompressed archives, lowest layer first.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string>? DiffIds { get; init; }

    /// <summary>The number of layers.</summary>
    public override string ToString() => $"{DiffIds?.Count ?? 0} layers";
}
