using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ContainerdPS.Oci;

namespace ContainerdPS.Transformation;

/// <summary>
/// Makes text of what names no object, for a parameter that where objects are piped holds the argument after them: labels,
/// numbers, and files and folders.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ArgumentTextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether blobs are not what the parameter names, and become their digests.</summary>
    public bool TakesBlobs { get; init; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is IList items and not IDictionary)
        {
            return items.Cast<object?>().SelectMany(TextsOf).ToArray();
        }

        object?[] texts = [.. TextsOf(inputData)];
        return texts is [{ } only] ? only : texts;
    }

    /// <summary>What is not known is left as it is, for the engine to convert or to refuse.</summary>
    private IEnumerable<object?> TextsOf(object? input)
    {
        object? value = input is PSObject wrapped ? wrapped.BaseObject : input;
        return value switch
        {
            IDictionary labels => labels.Cast<DictionaryEntry>().Select(TextOf),
            FileSystemInfo file => [file.FullName],
            PathInfo path => [path.Path],
            ContainerdContent blob when TakesBlobs => [blob.Digest],
            OciDescriptor blob when TakesBlobs => [blob.Digest],
            ContainerdContentReference blob when TakesBlobs => [blob.Digest],
            ValueType and IFormattable number => [number.ToString(null, CultureInfo.InvariantCulture)],
            _ => [input],
        };
    }

    private static string TextOf(DictionaryEntry label)
    {
        string key = LanguagePrimitives.ConvertTo<string>(label.Key);
        return key.Contains('=', StringComparison.Ordinal)
            ? throw new ArgumentTransformationMetadataException($"The key '{key}' has a '=' in it. Give such labels by the name of their parameter.")
            : label.Value is null ? key : $"{key}={LanguagePrimitives.ConvertTo<string>(label.Value)}";
    }
}
