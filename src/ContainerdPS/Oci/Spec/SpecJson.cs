using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ContainerdPS.Oci;

/// <summary>
/// Runtime specification documents from and to UTF-8 JSON. A member that is in a document and not null is written
/// back, also when it is empty, zero or false: only null is left out.
/// </summary>
internal static class SpecJson
{
    /// <summary>Reads a whole runtime specification.</summary>
    public static RuntimeSpec Parse(ReadOnlySpan<byte> json) =>
        Read(json, SpecJsonContext.Default.RuntimeSpec, "runtime specification");

    /// <summary>Writes a whole runtime specification, without white space.</summary>
    public static byte[] Serialize(RuntimeSpec spec) => Write(spec, SpecJsonContext.Default.RuntimeSpec, indented: false).ToArray();

    /// <summary>Reads the process of an exec.</summary>
    public static SpecProcess ParseProcess(ReadOnlySpan<byte> json) =>
        Read(json, SpecJsonContext.Default.SpecProcess, "process specification");

    /// <summary>Writes the process of an exec.</summary>
    public static byte[] SerializeProcess(SpecProcess process) => Write(process, SpecJsonContext.Default.SpecProcess, indented: false).ToArray();

    /// <summary>Reads the limits of a Linux cgroup.</summary>
    public static LinuxResources ParseResources(ReadOnlySpan<byte> json) =>
        Read(json, SpecJsonContext.Default.LinuxResources, "resource specification");

    /// <summary>Writes the limits a Linux task is updated with.</summary>
    public static byte[] SerializeResources(LinuxResources resources) => Write(resources, SpecJsonContext.Default.LinuxResources, indented: false).ToArray();

    /// <summary>Writes the limits a Windows task is updated with.</summary>
    public static byte[] SerializeResources(WindowsResources resources) => Write(resources, SpecJsonContext.Default.WindowsResources, indented: false).ToArray();

    /// <summary>A whole runtime specification as text.</summary>
    public static string ToText(RuntimeSpec spec, bool indented) =>
        Encoding.UTF8.GetString(Write(spec, SpecJsonContext.Default.RuntimeSpec, indented).Span);

    /// <summary>A copy that shares nothing with the original.</summary>
    public static RuntimeSpec Clone(RuntimeSpec spec) =>
        Parse(Write(spec, SpecJsonContext.Default.RuntimeSpec, indented: false).Span);

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what)
        where T : class
    {
        // Editors on Windows put a byte order mark before the text; JSON itself does not allow one.
        if (json.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new ContainerdException(ContainerdErrorCode.InvalidArgument, $"The {what} is the JSON value null; it must be an object.");
        }
        catch (JsonException e)
        {
            string member = e.Path is { Length: > 0 } path && path != "$" ? $" (member {path})" : "";
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The {what} is not valid JSON of its kind: line {(e.LineNumber ?? 0) + 1}, position {(e.BytePositionInLine ?? 0) + 1}{member}. {FirstSentence(e)}",
                e);
        }
    }

    private static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type, bool indented)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        var buffer = new ArrayBufferWriter<byte>(4096);
        // The document is never put into HTML, so '<', '&' and letters beyond ASCII stay readable.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return buffer.WrittenMemory;
    }

    // The serializer appends path, line and position in a form of its own; the message already says them.
    private static string FirstSentence(JsonException e)
    {
        string text = e.Message;
        int end = text.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
        {
            end = text.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        }

        return end < 0 ? text : text[..end];
    }
}
