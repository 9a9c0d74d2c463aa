using System.Globalization;
using System.Management.Automation;

namespace ContainerdPS.Transformation;

/// <summary>Turns a time (a DateTime, text) or how long ago it was (10m, 2h, a TimeSpan, seconds) into a moment.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MomentTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly DurationTransformationAttribute Duration = new();

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        switch (input)
        {
            case DateTimeOffset moment:
                return moment;
            case DateTime time:
                return new DateTimeOffset(time);
            case string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset parsed) && text.AsSpan().IndexOfAny("-/T") > 0:
                return parsed;
            default:
                try
                {
                    return DateTimeOffset.Now - (TimeSpan)Duration.Transform(engineIntrinsics, inputData);
                }
                catch (ArgumentTransformationMetadataException)
                {
                    throw new ArgumentTransformationMetadataException(
                        $"'{input}' is not a time. Give one, such as (Get-Date).AddHours(-1) or 2024-05-01T12:00:00Z, or how long ago it was: 30 (seconds), 10m, 2h, or a TimeSpan.");
                }
        }
    }
}
