using System.Text.Json;

namespace ContainerdPS.Logs;

/// <summary>
/// The times that lines of plain text begin with: <c>2024-05-01T12:00:00.5Z</c> and its relatives, bare, in brackets, as
/// <c>time="..."</c>, or in a JSON object. One without a zone is taken as UTC, which containers run in.
/// </summary>
internal static class LogTime
{
    private static readonly string[] Keys = ["time", "timestamp", "ts", "@timestamp"];

    /// <summary>The time a line begins with; null for none.</summary>
    public static DateTimeOffset? Of(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().TrimStart();
        if (text.StartsWith("{"))
        {
            return OfJson(line);
        }

        if (text.StartsWith("time=") || text.StartsWith("ts="))
        {
            text = text[(text.IndexOf('=') + 1)..].TrimStart('"');
        }

        return TryParse(text.TrimStart('['), out DateTimeOffset time, out _) ? time : null;
    }

    /// <summary>Reads a time at the start of a text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time, out int length)
    {
        time = default;
        length = 0;
        const int SecondsEnd = 19;
        if (text.Length < SecondsEnd
            || !TryNumber(text[..4], out int year) || text[4] is not ('-' or '/')
            || !TryNumber(text[5..7], out int month) || text[7] != text[4]
            || !TryNumber(text[8..10], out int day) || text[10] is not ('T' or 't' or ' ')
            || !TryNumber(text[11..13], out int hour) || text[13] != ':'
            || !TryNumber(text[14..16], out int minute) || text[16] != ':'
            || !TryNumber(text[17..SecondsEnd], out int second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        int position = SecondsEnd;
        long ticks = Fraction(text, ref position);
        TimeSpan offset = Offset(text, ref position);

        // A leap second is the first of the minute that follows, as clocks here have none.
        DateTime moment = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Unspecified).AddSeconds(second).AddTicks(ticks);
        if (moment.Ticks < offset.Ticks || moment > DateTime.MaxValue.AddDays(-1))
        {
            return false;
        }

        time = new DateTimeOffset(moment, offset).ToLocalTime();
        length = position;
        return true;
    }

    private static DateTimeOffset? OfJson(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            foreach (string key in Keys)
            {
                if (document.RootElement.TryGetProperty(key, out JsonElement value)
                    && value.ValueKind == JsonValueKind.String
                    && TryParse(value.GetString(), out DateTimeOffset time, out _))
                {
                    return time;
                }
            }
        }
        catch (JsonException)
        {
            // It only begins like one.
        }

        return null;
    }

    private static long Fraction(ReadOnlySpan<char> text, ref int position)
    {
        if (position + 1 >= text.Length || text[position] is not ('.' or ',') || !char.IsAsciiDigit(text[position + 1]))
        {
            return 0;
        }

        long ticks = 0;
        long unit = TimeSpan.TicksPerSecond / 10;
        for (position++; position < text.Length && char.IsAsciiDigit(text[position]); position++)
        {
            ticks += (text[position] - '0') * unit;
            unit /= 10;
        }

        return ticks;
    }

    private static TimeSpan Offset(ReadOnlySpan<char> text, ref int position)
    {
        ReadOnlySpan<char> rest = text[position..];
        if (rest.StartsWith("Z") || rest.StartsWith("z"))
        {
            position++;
            return TimeSpan.Zero;
        }

        int minutesAt = rest.Length > 3 && rest[3] == ':' ? 4 : 3;
        if (rest.Length < minutesAt + 2 || rest[0] is not ('+' or '-')
            || !TryNumber(rest[1..3], out int hours) || !TryNumber(rest.Slice(minutesAt, 2), out int minutes) || hours > 13 || minutes > 59)
        {
            return TimeSpan.Zero;
        }

        position += minutesAt + 2;
        var offset = new TimeSpan(hours, minutes, 0);
        return rest[0] == '-' ? -offset : offset;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
