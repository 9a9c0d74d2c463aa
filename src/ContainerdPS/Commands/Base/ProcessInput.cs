using System.Management.Automation;
using System.Text;

namespace ContainerdPS.Commands;

/// <summary>What comes down the pipeline as the input of a process: bytes as they are, everything else as lines of text.</summary>
internal static class ProcessInput
{
    public static ReadOnlyMemory<byte> Bytes(object? input, Encoding encoding) => (input is PSObject wrapped ? wrapped.BaseObject : input) switch
    {
        byte[] bytes => bytes,
        byte one => new[] { one },
        null => encoding.GetBytes("\n"),
        _ => encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(input) + "\n"),
    };
}
