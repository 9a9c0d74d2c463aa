using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci.Image;

/// <summary>An image for one platform: its configuration document and its layers, lowest first.</summary>
internal sealed record ImageManifest
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    public OciDescriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }
}
