using System.Text.Json.Serialization;

namespace ContainerdPS.Images.Archives;

/// <summary>Serializers of a Docker archive's own documents, generated at build time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IReadOnlyList<DockerManifestEntry>))]
internal sealed partial class DockerJsonContext : JsonSerializerContext;
