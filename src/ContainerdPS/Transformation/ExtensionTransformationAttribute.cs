using System.Collections;
using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>
/// Turns @{ NAME = @{ TypeUrl = ''; Value = '' } }, or objects from Get-ContainerExtension, into extensions by name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExtensionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var extensions = new Dictionary<string, ContainerExtensionValue>(StringComparer.Ordinal);
        Collect(inputData, extensions);
        return extensions;
    }

    private static void Collect(object? input, Dictionary<string, ContainerExtensionValue> extensions)
    {
        switch (Unwrapped(input))
        {
            case IDictionary<string, ContainerExtensionValue> ready:
                foreach ((string name, ContainerExtensionValue value) in ready)
                {
                    extensions[name] = value;
                }

                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    extensions[LanguagePrimitives.ConvertTo<string>(entry.Key)] = Value(entry.Key, entry.Value);
                }

                break;
            case ContainerExtension extension:
                extensions[extension.Name] = new ContainerExtensionValue(extension.TypeUrl, extension.Value);
                break;
            case IEnumerable items and not string:
                foreach (object? item in items)
                {
                    Collect(item, extensions);
                }

                break;
            default:
                throw new ArgumentTransformationMetadataException(
                    "Extensions are given as @{ 'NAME' = @{ TypeUrl = 'TYPE'; Value = 'text or bytes' } }, or as objects from Get-ContainerExtension.");
        }
    }

    private static ContainerExtensionValue Value(object name, object? given)
    {
        switch (Unwrapped(given))
        {
            case ContainerExtensionValue ready:
                return ready;
            case ContainerExtension extension:
                return new ContainerExtensionValue(extension.TypeUrl, extension.Value);
            case IDictionary parts:
                foreach (object key in parts.Keys)
                {
                    if (!Is(key, "TypeUrl") && !Is(key, "Value"))
                    {
                        throw new ArgumentTransformationMetadataException($"The extension '{name}' has a '{key}', which is neither TypeUrl nor Value.");
                    }
                }

                return new ContainerExtensionValue(LanguagePrimitives.ConvertTo<string>(Part(parts, "TypeUrl")), BytesTransformationAttribute.Bytes(Part(parts, "Value")));
            default:
                throw new ArgumentTransformationMetadataException($"The extension '{name}' is given as @{{ TypeUrl = 'TYPE'; Value = 'text or bytes' }}.");
        }
    }

    private static object? Part(IDictionary parts, string name)
    {
        foreach (DictionaryEntry part in parts)
        {
            if (Is(part.Key, name))
            {
                return part.Value;
            }
        }

        return null;
    }

    private static bool Is(object key, string name) => string.Equals(key.ToString(), name, StringComparison.OrdinalIgnoreCase);

    private static object? Unwrapped(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;
}
