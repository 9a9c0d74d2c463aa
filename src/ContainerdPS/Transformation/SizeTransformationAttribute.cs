using System.Globalization;
using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>Turns 512MB (a number in PowerShell), '512m', '1.5 GiB' or '64k' into bytes; units are binary.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input is string text
            ? Parse(text)
            : LanguagePrimitives.TryConvertTo(input, CultureInfo.InvariantCulture, out long bytes) ? bytes : throw Invalid(input);
    }

    private static long Parse(string text)
    {
        string trimmed = text.Trim();
        int digits = 0;
        while (digits < trimmed.Length && (char.IsAsciiDigit(trimmed[digits]) || trimmed[digits] is '.' or '-'))
        {
            digits++;
        }

        long? unit = trimmed[digits..].Trim().ToLowerInvariant() switch
        {
            "" or "b" => 1L,
            "k" or "kb" or "kib" => 1L << 10,
            "m" or "mb" or "mib" => 1L << 20,
            "g" or "gb" or "gib" => 1L << 30,
            "t" or "tb" or "tib" => 1L << 40,
            _ => null,
        };
        return unit is { } factor
            && decimal.TryParse(trimmed.AsSpan(0, digits), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)
            && Math.Abs(number) < long.MaxValue / factor
                ? (long)(number * factor)
                : throw Invalid(text);
    }

    private static ArgumentTransformationMetadataException Invalid(object? given) =>
        new($"'{given}' is not a size. Give bytes, or a number with k, m, g or t, such as 512m or 1.5g.");
}
