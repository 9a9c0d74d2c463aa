namespace ContainerdPS.Logs;

/// <summary>One log being read: from where it begins, through what was there, to what is added.</summary>
internal sealed class LogSource : IDisposable
{
    private const int BlockSize = 64 << 10;

    private readonly LogFile file;
    private readonly LogOptions options;
    private readonly ContainerLogFormat? format;
    private readonly byte[] block = new byte[BlockSize];
    private LogDecoder decoder;
    private long position;
    private int skip;
    private DateTimeOffset? time;

    private LogSource(LogFile file, LogOptions options, ContainerLogFormat? format)
    {
        this.file = file;
        this.options = options;
        this.format = format;
        decoder = NewDecoder();
    }

    public LogFile File => file;

    /// <summary>Opens a log where what is wanted of it begins.</summary>
    public static LogSource Open(LogPlace place, LogOptions options, string whose)
    {
        LogFile file = LogFile.Open(place.Path, whose);
        try
        {
            ContainerLogFormat? format = place.Format ?? FirstFormat(file, options);
            var source = new LogSource(file, options, format);
            if (options.Since is { } since)
            {
                (source.position, source.time) = LogStart.OfMoment(file, options.Encoding, format ?? ContainerLogFormat.Text, since, whose);
            }

            if (options.Tail is { } count)
            {
                (long offset, int skip) = LogStart.OfTail(file, options.Encoding, format ?? ContainerLogFormat.Text, count);
                if (options.Since is null || offset > source.position)
                {
                    (source.position, source.skip) = (offset, skip);
                }
            }

            return source;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file that has taken the path of this one; null while there is none.</summary>
    public LogSource? OpenNext()
    {
        try
        {
            return new LogSource(LogFile.Open(file.Path, string.Empty), options, format) { time = time };
        }
        catch (ContainerdException)
        {
            // Its maker is not done yet.
            return null;
        }
    }

    /// <summary>Whether another file has taken the path of this one.</summary>
    public bool IsReplaced => file.Identity is { } own && LogFile.IdentityOf(file.Path) is { } present && own != present;

    /// <summary>The whole lines that are there, up to its present end.</summary>
    public IEnumerable<LogEntry> ReadAvailable()
    {
        while (true)
        {
            if (file.Length < position)
            {
                // It was cut, as by a rotation that copies: what is there now is new.
                foreach (LogEntry entry in ReadRest())
                {
                    yield return entry;
                }

                position = 0;
                decoder = NewDecoder();
            }

            int read = file.Read(position, block);
            if (read == 0)
            {
                yield break;
            }

            position += read;
            decoder.Append(block.AsSpan(0, read));
            foreach (LogEntry entry in Decoded())
            {
                yield return entry;
            }
        }
    }

    /// <summary>The last line, where it has no line end.</summary>
    public IEnumerable<LogEntry> ReadRest()
    {
        decoder.Complete();
        return Decoded();
    }

    public void Dispose() => file.Dispose();

    private static ContainerLogFormat? FirstFormat(LogFile file, LogOptions options)
    {
        foreach ((_, string text) in new LogLines(file, options.Encoding).Forward(0, file.Length))
        {
            return LogRecord.FormatOf(text);
        }

        return null;
    }

    private LogDecoder NewDecoder() => new(options.Encoding, format, options.ReadTimes || options.Since is not null);

    private IEnumerable<LogEntry> Decoded()
    {
        while (decoder.TryRead(out LogEntry entry))
        {
            // A line without a time belongs to the one before it.
            time = entry.Time ?? time;
            if (skip > 0)
            {
                skip--;
            }
            else if (options.Since is null || time >= options.Since)
            {
                yield return entry;
            }
        }
    }
}
