using System.Collections;
using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>
/// Turns a hashtable, or texts KEY=VALUE, into a dictionary of labels. Where labels are only looked for, KEY alone asks
/// for the key with any value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LabelTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether KEY alone is allowed; its value is null.</summary>
    public bool AllowKeyOnly { get; init; }

    /// <summary>What the keys and values are, for messages.</summary>
    public string Of { get; init; } = "label";

    /// <summary>The labels of texts KEY=VALUE.</summary>
    public static Dictionary<string, string?> Read(IEnumerable<string> texts) => new LabelTransformationAttribute().Collected(texts);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Collected(inputData);

    private Dictionary<string, string?> Collected(object input)
    {
        var labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        Collect(input, labels);
        return labels;
    }

    private void Collect(object? input, Dictionary<string, string?> labels)
    {
        switch (input is PSObject wrapped ? wrapped.BaseObject : input)
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    Add(labels, LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value is null ? null : LanguagePrimitives.ConvertTo<string>(entry.Value));
                }

                break;
            case string text:
                int equals = text.IndexOf('=', StringComparison.Ordinal);
                Add(labels, equals < 0 ? text : text[..equals], equals < 0 ? null : text[(equals + 1)..]);
                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    Collect(item, labels);
                }

                break;
            default:
                throw new ArgumentTransformationMetadataException($"Each {Of} is given as @{{ key = 'value' }} or as a text 'key=value'.");
        }
    }

    private void Add(Dictionary<string, string?> labels, string key, string? value)
    {
        if (key.Length == 0)
        {
            throw new ArgumentTransformationMetadataException("A key is empty. Give @{ key = 'value' } or texts 'key=value'.");
        }

        if (value is null && !AllowKeyOnly)
        {
            throw new ArgumentTransformationMetadataException($"The {Of} '{key}' has no value. Give it as '{key}=value'; an empty value is '{key}='.");
        }

        labels[key] = value;
    }
}
