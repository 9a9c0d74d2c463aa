using System.Text;

namespace ContainerdPS.Logs;

/// <summary>Finds where in a log to begin, so that what comes before need not be read.</summary>
internal static class LogStart
{
    /// <summary>How much at each end of a log is looked at for times.</summary>
    private const long SampleSize = 64 << 10;

    /// <summary>Closer than this, reading on is as fast as searching.</summary>
    private const long SearchEnd = 64 << 10;

    /// <summary>How many lines of the file to go back for the beginning of one that came in parts.</summary>
    private const int PartsReach = 256;

    /// <summary>How far to look for the next time in the middle of a log.</summary>
    private const long Reach = 1 << 20;

    /// <summary>
    /// The place to read the last lines from, and how many lines that end before them come on the way: a long line comes in
    /// parts, between which the other stream may have written.
    /// </summary>
    public static (long Offset, int Skip) OfTail(LogFile file, Encoding encoding, ContainerLogFormat format, int count)
    {
        long length = file.Length;
        if (count == 0)
        {
            return (length, 0);
        }

        var lines = new LogLines(file, encoding);
        if (format == ContainerLogFormat.Text)
        {
            return (lines.Backward(length).Take(count).LastOrDefault().Start, 0);
        }

        int ends = 0;
        foreach ((long start, long end) in lines.Backward(length))
        {
            // The end of the log is the end of a line as well.
            if ((ends == 0 || LogRecord.Parse(lines.Text(start, end), format).IsWhole) && ++ends > count)
            {
                return OfParts(lines, format, end);
            }
        }

        return (0, 0);
    }

    /// <summary>Goes back from a place to where the lines that go on there begin.</summary>
    private static (long Offset, int Skip) OfParts(LogLines lines, ContainerLogFormat format, long place)
    {
        (long Offset, int Skip) result = (place, 0);
        var settled = new HashSet<string>(StringComparer.Ordinal);
        int whole = 0;
        foreach ((long start, long end) in lines.Backward(place).Take(PartsReach))
        {
            LogRecord record = LogRecord.Parse(lines.Text(start, end), format);
            string stream = record.Stream ?? string.Empty;
            if (record.IsWhole)
            {
                whole++;
                settled.Add(stream);
            }
            else if (!settled.Contains(stream))
            {
                result = (start, whole);
            }

            if (settled.Count == 2)
            {
                break;
            }
        }

        return result;
    }

    /// <summary>
    /// The place where what was written since a moment begins, and the time that lines without one have there. Lines are
    /// taken to be in the order of their times; one without belongs to the one before it.
    /// </summary>
    /// <param name="file">The log.</param>
    /// <param name="encoding">How its text is encoded.</param>
    /// <param name="format">The form of the log.</param>
    /// <param name="since">The moment.</param>
    /// <param name="whose">Whose log it is, as in <c>of the container 'web'</c>.</param>
    /// <exception cref="ContainerdException">FailedPrecondition: the log has no times.</exception>
    public static (long Offset, DateTimeOffset? Time) OfMoment(LogFile file, Encoding encoding, ContainerLogFormat format, DateTimeOffset since, string whose)
    {
        long length = file.Length;
        if (file.WrittenAt < since)
        {
            // What comes later is later.
            return (length, since);
        }

        if (file.BornAt >= since)
        {
            return (0, since);
        }

        var lines = new LogLines(file, encoding);
        if (First(lines, 0, Math.Min(length, SampleSize), format) is null && First(lines, Math.Max(0, length - SampleSize), length, format) is null)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The log {whose}, '{file.Path}', does not say when its lines were written, so those since {since:yyyy-MM-dd HH:mm:ss} cannot be told from the others. -Tail gives the last ones. -Since works where each line begins with a time (2024-05-01T12:00:00Z), and with the logs of Kubernetes, nerdctl and Docker.") { Reason = "LogHasNoTimes" };
        }

        long low = 0;
        long high = length;
        while (high - low > SearchEnd)
        {
            long middle = low + ((high - low) / 2);
            if (First(lines, middle, Math.Min(high, middle + Reach), format) is { } found && found.Time < since)
            {
                low = found.Offset;
            }
            else
            {
                // Also where none was found: beginning too early is only slower.
                high = middle;
            }
        }

        return (low, First(lines, low, Math.Min(length, low + Reach), format)?.Time);
    }

    /// <summary>The first line with a time in a part of the log.</summary>
    private static (long Offset, DateTimeOffset Time)? First(LogLines lines, long from, long end, ContainerLogFormat format)
    {
        foreach ((long start, string text) in lines.Forward(from, end))
        {
            LogRecord record = LogRecord.Parse(text, format);
            if ((format == ContainerLogFormat.Text ? LogTime.Of(text) : record.Time) is { } time)
            {
                return (start, time);
            }
        }

        return null;
    }
}
