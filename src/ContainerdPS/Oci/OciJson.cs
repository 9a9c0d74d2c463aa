using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ContainerdPS.Oci;

/// <summary>Reading and writing JSON of any of OCI's documents, with errors that say where.</summary>
internal static class OciJson
{
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what)
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

    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type, bool indented)
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
        if (text.Contains("could not be converted", StringComparison.Ordinal))
        {
            // It names the type of ours that was to be made of the value, which helps nobody.
            return "The value there is of another kind than belongs there.";
        }

        int end = text.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
        {
            end = text.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        }

        return end < 0 ? text : text[..end];
    }
}
