using System.Management.Automation;
using System.Text;

namespace ContainerdPS.Transformation;

/// <summary>Turns the names PowerShell uses for encodings (utf8, ascii, unicode, latin1), names of the IANA and code pages into encodings.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    public static readonly string[] Names = ["ascii", "bigendianunicode", "latin1", "unicode", "utf32", "utf8"];

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return input switch
            {
                Encoding encoding => encoding,
                int codePage => Encoding.GetEncoding(codePage),
                string text => Parse(text),
                _ => throw Invalid(input),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Invalid(input);
        }
    }

    private static Encoding Parse(string text) => text.ToLowerInvariant() switch
    {
        "utf8" or "utf8nobom" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        "utf8bom" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        "unicode" => Encoding.Unicode,
        "bigendianunicode" => Encoding.BigEndianUnicode,
        "utf32" => Encoding.UTF32,
        "ascii" => Encoding.ASCII,
        "latin1" => Encoding.Latin1,
        _ => Encoding.GetEncoding(text),
    };

    private static ArgumentTransformationMetadataException Invalid(object? given) =>
        new($"'{given}' is not an encoding. Give {string.Join(", ", Names)}, another name such as windows-1252, or a code page.");
}
