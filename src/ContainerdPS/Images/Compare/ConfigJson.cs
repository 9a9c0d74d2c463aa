using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Images.Compare;

/// <summary>Values of a configuration as text on one line.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ConfigJson : JsonSerializerContext;
