using System.Collections;
using System.Reflection;
using System.Text.Json;
using Xunit;

namespace ContainerdPS.Tests.Oci;

/// <summary>Finds the members a document had that no property took.</summary>
internal static class ExtensionData
{
    public static IEnumerable<string> Find(object? value)
    {
        switch (value)
        {
            case null or string or JsonElement or ValueType:
                yield break;
            case IDictionary map:
                foreach (string found in map.Values.Cast<object?>().SelectMany(Find))
                {
                    yield return found;
                }

                yield break;
            case IEnumerable list:
                foreach (string found in list.Cast<object?>().SelectMany(Find))
                {
                    yield return found;
                }

                yield break;
            default:
                break;
        }

        foreach (PropertyInfo property in value.GetType().GetProperties())
        {
            object? member = property.GetValue(value);
            if (property.Name == "ExtensionData")
            {
                foreach (object? key in (member as IDictionary)?.Keys ?? Array.Empty<object>())
                {
                    yield return $"{value.GetType().Name}.{key}";
                }
            }
            else
            {
                Assert.True(member is not null, $"The document has nothing for {value.GetType().Name}.{property.Name}.");
                foreach (string found in Find(member))
                {
                    yield return found;
                }
            }
        }
    }
}
