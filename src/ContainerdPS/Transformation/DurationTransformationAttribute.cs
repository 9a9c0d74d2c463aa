using System.Globalization;
using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>Turns seconds (30, 0.5), text with a unit (500ms, 10s, 2m, 1h) or hh:mm:ss into a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input switch
        {
            // PowerShell itself reads 0.5s as the 16-bit number 0 and 5d as the decimal number 5, but keeps what was typed.
            short or decimal when inputData is PSObject typed && char.IsAsciiLetter(typed.ToString().AsSpan().Trim()[^1]) => Parse(typed.ToString().Trim()),
            TimeSpan span when span >= TimeSpan.Zero => span,
            string text => Parse(text.Trim()),
            int or long or double or float or decimal or uint or ulong or short or byte => FromSeconds(Convert.ToDouble(input, CultureInfo.InvariantCulture), input),
            _ => throw Invalid(input),
        };
    }

    private static TimeSpan Parse(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span) && span >= TimeSpan.Zero ? span : throw Invalid(text);
        }

        foreach ((string suffix, double seconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && TryNumber(text[..^suffix.Length], out double amount))
            {
                return FromSeconds(amount * seconds, text);
            }
        }

        return TryNumber(text, out double plain) ? FromSeconds(plain, text) : throw Invalid(text);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static TimeSpan FromSeconds(double seconds, object given) =>
        seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : throw Invalid(given);

    private static ArgumentTransformationMetadataException Invalid(object? given) =>
        new($"'{given}' is not a duration. Give seconds (30, 0.5), a number with ms, s, m or h (500ms, 2m), or a TimeSpan.");
}
