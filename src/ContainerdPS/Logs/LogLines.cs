using System.Text;

namespace ContainerdPS.Logs;

/// <summary>The lines of a file by where they are, from any place and in both directions, without reading what lies elsewhere.</summary>
internal sealed class LogLines
{
    private const int BlockSize = 64 << 10;

    private readonly LogFile file;
    private readonly Encoding encoding;
    private readonly byte[] newline;

    public LogLines(LogFile file, Encoding encoding)
    {
        this.file = file;
        this.encoding = encoding;
        newline = encoding.GetBytes("\n");
    }

    /// <summary>Where each line ends (behind its line end) and begins, from the last to the first.</summary>
    public IEnumerable<(long Start, long End)> Backward(long length)
    {
        long end = length;
        foreach (long found in NewlinesBackward(length))
        {
            long behind = found + newline.Length;

            // The line end of the last line begins no line of its own.
            if (behind < end)
            {
                yield return (behind, end);
            }

            end = behind;
        }

        if (end > 0)
        {
            yield return (0, end);
        }
    }

    /// <summary>The lines that begin after a place, each with where it begins; a very long one is cut.</summary>
    public IEnumerable<(long Start, string Text)> Forward(long from, long end)
    {
        byte[] block = new byte[BlockSize];
        long start = from == 0 ? 0 : -1;
        int read;
        for (long position = Aligned(from); position < end; position += read)
        {
            read = file.Read(position, block.AsSpan(0, (int)Math.Min(BlockSize, end - position)));
            if (read == 0)
            {
                break;
            }

            int found;
            for (int at = 0; (found = IndexOf(block.AsSpan(at, read - at))) >= 0; at += found + newline.Length)
            {
                long next = position + at + found + newline.Length;
                if (start >= 0)
                {
                    yield return (start, Text(start, next));
                }

                start = next;
            }
        }

        if (start >= 0 && start < end)
        {
            yield return (start, Text(start, end));
        }
    }

    /// <summary>What stands in the file, without line ends at its end.</summary>
    public string Text(long start, long end)
    {
        byte[] bytes = new byte[(int)Math.Min(end - start, BlockSize)];
        int read = file.Read(start, bytes);
        return encoding.GetString(bytes, 0, read).TrimEnd('\n').TrimEnd('\r');
    }

    private IEnumerable<long> NewlinesBackward(long length)
    {
        byte[] block = new byte[BlockSize];
        for (long end = Aligned(length); end > 0;)
        {
            long start = Math.Max(0, end - BlockSize);
            int read = file.Read(start, block.AsSpan(0, (int)(end - start)));
            for (int found = read; (found = LastIndexOf(block.AsSpan(0, found))) >= 0;)
            {
                yield return start + found;
            }

            end = start;
        }
    }

    /// <summary>Characters of UTF-16 and UTF-32 lie at multiples of their size.</summary>
    private long Aligned(long offset) => offset - (offset % newline.Length);

    private int IndexOf(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (true)
        {
            int found = bytes[at..].IndexOf(newline);
            if (found < 0 || (at + found) % newline.Length == 0)
            {
                return found < 0 ? -1 : at + found;
            }

            at += found + 1;
        }
    }

    private int LastIndexOf(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int found = bytes.LastIndexOf(newline);
            if (found < 0 || found % newline.Length == 0)
            {
                return found;
            }

            bytes = bytes[..(found + newline.Length - 1)];
        }
    }
}
