using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>Serializers generated at build time: the reflection-based ones cost tens of milliseconds at the first use.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(SpecProcess))]
[JsonSerializable(typeof(LinuxResources))]
[JsonSerializable(typeof(WindowsResources))]
internal sealed partial class SpecJsonContext : JsonSerializerContext;
