using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Images.Compare;

/// <summary>Values of a configuration as text on one line.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ConfigJson : JsonSerializerContext
{
    /// <summary>For people to read: only what JSON itself asks for is escaped.</summary>
    public static ConfigJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
