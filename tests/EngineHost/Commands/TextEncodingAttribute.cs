using System.Management.Automation;
using System.Text;

namespace EngineHost.Commands;

/// <summary>Takes an encoding by the names pwsh gives them.</summary>
public sealed class TextEncodingAttribute : ArgumentTransformationAttribute
{
    public static Encoding Default { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject o ? o.BaseObject : inputData;
        return value as Encoding ?? value?.ToString()?.ToLowerInvariant() switch
        {
            "utf8" or "utf8nobom" or "default" or "oem" => Default,
            "utf8bom" => new UTF8Encoding(true),
            "ascii" => Encoding.ASCII,
            "unicode" or "string" => Encoding.Unicode,
            "bigendianunicode" => Encoding.BigEndianUnicode,
            "utf32" => Encoding.UTF32,
            "latin1" => Encoding.Latin1,
            _ => throw new ArgumentTransformationMetadataException($"The encoding '{value}' is not known."),
        };
    }
}
