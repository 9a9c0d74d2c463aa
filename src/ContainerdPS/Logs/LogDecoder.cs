using System.Text;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Logs;

/// <summary>Makes lines of a container out of the bytes of its log, as they come.</summary>
/// <param name="encoding">How its text is encoded.</param>
/// <param name="format">The form of the log; null to see it by its first line.</param>
/// <param name="readTimes">Whether times that lines of plain text begin with are wanted.</param>
internal sealed class LogDecoder(Encoding encoding, ContainerLogFormat? format, bool readTimes)
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly LineSplitter lines = new(encoding);
    private readonly Dictionary<string, (DateTimeOffset? Time, StringBuilder Text)> parts = new(StringComparer.Ordinal);
    private ContainerLogFormat? format = format;
    private bool completed;

    public void Append(ReadOnlySpan<byte> bytes) => lines.Append(bytes);

    /// <summary>Says that no more bytes come: what is left is the last line.</summary>
    public void Complete()
    {
        lines.Complete();
        completed = true;
    }

    /// <summary>Gives the next line, if there is a whole one.</summary>
    public bool TryRead(out LogEntry entry)
    {
        while (lines.TryRead(out string line))
        {
            line = line.TrimStart(ByteOrderMark);
            format ??= LogRecord.FormatOf(line);
            if (format == ContainerLogFormat.Text)
            {
                entry = new LogEntry(readTimes ? LogTime.Of(line) : null, null, line);
                return true;
            }

            LogRecord record = LogRecord.Parse(line, format.Value);
            string stream = record.Stream ?? string.Empty;
            bool isPart = parts.TryGetValue(stream, out (DateTimeOffset? Time, StringBuilder Text) begun);
            if (!record.IsWhole)
            {
                if (!isPart)
                {
                    parts[stream] = begun = (record.Time, new StringBuilder());
                }

                begun.Text.Append(record.Text);
                if (begun.Text.Length < LineSplitter.DefaultLimit)
                {
                    continue;
                }

                record = record with { Text = string.Empty };
                isPart = true;
            }

            entry = isPart
                ? new LogEntry(begun.Time, record.Stream, begun.Text.Append(record.Text).ToString())
                : new LogEntry(record.Time, record.Stream, record.Text);
            parts.Remove(stream);
            return true;
        }

        if (completed && parts.Count > 0)
        {
            (string stream, (DateTimeOffset? Time, StringBuilder Text) begun) = parts.First();
            parts.Remove(stream);
            entry = new LogEntry(begun.Time, stream.Length == 0 ? null : stream, begun.Text.ToString());
            return true;
        }

        entry = default;
        return false;
    }
}
