using System.Text.Json.Serialization;

namespace ContainerdPS.Images.Archives;

/// <summary>One image of a Docker archive, as <c>manifest.json</c> lists it: paths within the archive.</summary>
internal sealed record DockerManifestEntry
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}
