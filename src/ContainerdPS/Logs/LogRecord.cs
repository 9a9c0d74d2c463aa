using System.Text.Json;

namespace ContainerdPS.Logs;

/// <summary>One line of a file, taken apart by the form of the log.</summary>
/// <param name="Time">When it was written, where the form says.</param>
/// <param name="Stream">Where it was written to, where the form says.</param>
/// <param name="Text">What was written.</param>
/// <param name="IsWhole">Whether it ends a line of the container; a long one comes in parts.</param>
internal readonly record struct LogRecord(DateTimeOffset? Time, string? Stream, string Text, bool IsWhole)
{
    /// <summary>The form a line is of.</summary>
    public static ContainerLogFormat FormatOf(string line) =>
        TryCri(line, out _) ? ContainerLogFormat.Cri
        : TryJson(line, out _) ? ContainerLogFormat.Json
        : ContainerLogFormat.Text;

    /// <summary>Takes a line apart. One that is not of the form is given as it is.</summary>
    public static LogRecord Parse(string line, ContainerLogFormat format) => format switch
    {
        ContainerLogFormat.Cri when TryCri(line, out LogRecord cri) => cri,
        ContainerLogFormat.Json when TryJson(line, out LogRecord json) => json,
        _ => new LogRecord(null, null, line, true),
    };

    private static bool TryCri(string line, out LogRecord record)
    {
        record = default;
        ReadOnlySpan<char> text = line;
        if (!LogTime.TryParse(text, out DateTimeOffset time, out int length) || length >= text.Length || text[length] != ' ')
        {
            return false;
        }

        text = text[(length + 1)..];
        string? stream = text.StartsWith("stdout ") ? "stdout" : text.StartsWith("stderr ") ? "stderr" : null;
        if (stream is null)
        {
            return false;
        }

        text = text[(stream.Length + 1)..];

        // The tags, with colons between them; the first says whether the line is whole.
        if (text.Length == 0 || text[0] is not ('F' or 'P') || (text.Length > 1 && text[1] is not (' ' or ':')))
        {
            return false;
        }

        int blank = text.IndexOf(' ');
        record = new LogRecord(time, stream, blank < 0 ? string.Empty : text[(blank + 1)..].ToString(), text[0] == 'F');
        return true;
    }

    private static bool TryJson(string line, out LogRecord record)
    {
        record = default;
        if (!line.StartsWith('{'))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (Text(root, "log") is not { } text || Text(root, "time") is not { } written || !LogTime.TryParse(written, out DateTimeOffset time, out _))
            {
                return false;
            }

            bool whole = text.EndsWith('\n');
            record = new LogRecord(time, Text(root, "stream"), whole ? text.TrimEnd('\n').TrimEnd('\r') : text, whole);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }

        static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
