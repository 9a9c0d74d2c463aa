using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci.Image;

/// <summary>
/// A time of an image's documents. It stays the text it is: written by others it has nanoseconds, which .NET's own types
/// would cut.
/// </summary>
internal sealed class ImageTime : JsonConverter<string>
{
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    public static string? Format(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return Parse(text) is null ? throw new JsonException() : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
