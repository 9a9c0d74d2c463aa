using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci.Image;

/// <summary>A set as Go writes one: an object whose members are the entries and whose values are empty objects.</summary>
internal sealed class KeySetConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An object is expected whose members are the entries.");
        }

        var entries = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            entries.Add(reader.GetString()!);
            reader.Read();
            reader.Skip();
        }

        return entries;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (string entry in value)
        {
            writer.WriteStartObject(entry);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
