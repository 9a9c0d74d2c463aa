using System.Globalization;
using System.Text.Json;

namespace ContainerdPS.Images.Compare;

/// <summary>
/// The fields of an image's configuration, each by the name its document gives it. Environment, labels, ports and volumes
/// and the steps of the history are taken apart, so that one that differs is told alone; fields this module does not know are fields as well.
/// </summary>
internal static class ConfigFields
{
    /// <summary>Told as layers.</summary>
    private const string RootFs = "rootfs";

    private const string Config = "config";
    private const string Environment = "Env";
    private const string History = "history";

    /// <summary>The order of fields: by name, and steps of the history by their number.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(static (left, right) =>
        Step(left) is { } first && Step(right) is { } second ? first.CompareTo(second) : string.CompareOrdinal(left, right));

    public static IReadOnlyDictionary<string, string> Of(ReadOnlyMemory<byte> json)
    {
        var fields = new SortedDictionary<string, string>(Order);
        using JsonDocument document = JsonDocument.Parse(json);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Name == Config && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty field in property.Value.EnumerateObject())
                {
                    AddField(fields, field);
                }
            }
            else if (property.Name == History && property.Value.ValueKind == JsonValueKind.Array)
            {
                int step = 0;
                foreach (JsonElement entry in property.Value.EnumerateArray())
                {
                    fields[$"{History}.{++step}"] = Text(entry);
                }
            }
            else if (property.Name != RootFs)
            {
                Add(fields, property.Name, property.Value);
            }
        }

        return fields;
    }

    private static void AddField(SortedDictionary<string, string> fields, JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in field.Value.EnumerateObject())
            {
                // A set is written as an object with empty members: a port that is there has no value of its own.
                bool isMember = member.Value is { ValueKind: JsonValueKind.Object } value && !value.EnumerateObject().Any();
                fields[$"{field.Name}.{member.Name}"] = isMember ? "{}" : Text(member.Value);
            }
        }
        else if (field.Name == Environment && field.Value.ValueKind == JsonValueKind.Array)
        {
            foreach (string variable in field.Value.EnumerateArray().Select(Text))
            {
                int sign = variable.IndexOf('=', StringComparison.Ordinal);
                fields[$"{Environment}.{(sign < 0 ? variable : variable[..sign])}"] = sign < 0 ? string.Empty : variable[(sign + 1)..];
            }
        }
        else
        {
            Add(fields, field.Name, field.Value);
        }
    }

    /// <summary>Tools write what is not set as nothing, as null, as an empty text or list, or as false: none of them is a difference.</summary>
    private static void Add(SortedDictionary<string, string> fields, string name, JsonElement value)
    {
        bool unset = value.ValueKind is JsonValueKind.Null or JsonValueKind.False
            || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
            || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());
        if (!unset)
        {
            fields[name] = Text(value);
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Serialize(value, ConfigJson.Readable.JsonElement);

    private static int? Step(string field) =>
        field.StartsWith(History + ".", StringComparison.Ordinal) && int.TryParse(field.AsSpan(History.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : null;
}
