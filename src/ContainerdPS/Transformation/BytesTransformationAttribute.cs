using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace ContainerdPS.Transformation;

/// <summary>Takes bytes as they are and turns text into its bytes in UTF-8. Nothing else becomes bytes by itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BytesTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>The bytes of a value.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">It is neither bytes nor text.</exception>
    public static byte[] Bytes(object? given)
    {
        object? value = Unwrapped(given);
        switch (value)
        {
            case byte[] bytes:
                return bytes;
            case string text:
                return Encoding.UTF8.GetBytes(text);
            case IEnumerable numbers and not IDictionary:
                var collected = new List<byte>();
                foreach (object? number in numbers)
                {
                    collected.Add(Unwrapped(number) is byte or int or long && LanguagePrimitives.TryConvertTo(number, CultureInfo.InvariantCulture, out byte one) ? one : throw Invalid(Unwrapped(number)));
                }

                return [.. collected];
            default:
                throw Invalid(value);
        }
    }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Bytes(inputData);

    private static object? Unwrapped(object? given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    private static ArgumentTransformationMetadataException Invalid(object? given) => new(
        $"{(given is null ? "Null" : $"'{given}' ({given.GetType().Name})")} cannot be stored as it is. Give bytes (0 to 255), or text; ConvertTo-Json -Compress makes text of an object.");
}
