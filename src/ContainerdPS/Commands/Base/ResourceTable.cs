using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ContainerdPS.Oci;

namespace ContainerdPS.Commands;

/// <summary>
/// Makes the JSON of an OCI document out of a hashtable. Names are those of the document in any case; one that the
/// document does not have is an error, since a runtime would pass over it.
/// </summary>
internal static class ResourceTable
{
    /// <summary>The table as JSON of a type.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: a name the type does not have.</exception>
    public static byte[] ToJson(IDictionary table, Type type) =>
        System.Text.Encoding.UTF8.GetBytes(FromTable(table, SpecJsonContext.Default.GetTypeInfo(type), string.Empty).ToJsonString());

    private static JsonObject FromTable(IDictionary table, JsonTypeInfo? type, string path)
    {
        var result = new JsonObject();
        foreach (DictionaryEntry entry in table)
        {
            string given = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (type is not { Kind: JsonTypeInfoKind.Object })
            {
                result[given] = FromValue(entry.Value, type is null ? null : ElementOf(type.Type), path + given);
                continue;
            }

            JsonPropertyInfo[] members = type.Properties.Where(static property => !property.IsExtensionData).ToArray();
            JsonPropertyInfo member = Array.Find(members, property => property.Name.Equals(given, StringComparison.OrdinalIgnoreCase))
                ?? throw new ContainerdException(
                    ContainerdErrorCode.InvalidArgument,
                    $"'{path}{given}' is nothing that OCI resources have. {(path.Length == 0 ? "They have" : $"'{path.TrimEnd('.')}' has")}: {string.Join(", ", members.Select(static property => property.Name))}.") { Reason = "InvalidResource" };
            result[member.Name] = FromValue(entry.Value, member.PropertyType, path + member.Name);
        }

        return result;
    }

    private static JsonNode? FromValue(object? value, Type? type, string path) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => null,
        IDictionary table => FromTable(table, type is null ? null : SpecJsonContext.Default.GetTypeInfo(type), path + "."),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => FromValue(item, ElementOf(type), path))]),
        ulong number => JsonValue.Create(number),
        var other when LanguagePrimitives.TryConvertTo(other, out long number) => JsonValue.Create(number),
        var other => JsonValue.Create(LanguagePrimitives.ConvertTo<string>(other)),
    };

    /// <summary>What a list, or a dictionary by name, is made of.</summary>
    private static Type? ElementOf(Type? type) => type is { IsGenericType: true } ? type.GetGenericArguments()[^1] : null;
}
