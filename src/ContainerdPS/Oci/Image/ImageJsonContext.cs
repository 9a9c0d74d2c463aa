using System.Text.Json.Serialization;

namespace ContainerdPS.Oci.Image;

/// <summary>Serializers of image documents, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(OciDescriptor))]
internal sealed partial class ImageJsonContext : JsonSerializerContext;
