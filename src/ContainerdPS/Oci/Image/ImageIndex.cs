using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci.Image;

/// <summary>An image for several platforms, or the table of contents of an archive: a list of manifests and indexes.</summary>
internal sealed record ImageIndex
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }

    public OciDescriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }
}
