using System.Text;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Makes lines of what a tap gives, and leaves in the fifo what was not given: whoever leaves in between leaves the rest
/// to the next reader, and a shell that is killed leaves that and the last of what it was given as well.
/// </summary>
internal sealed class TapLines(StreamTap tap, Encoding encoding)
{
    private const int Page = 4096;
    private const int ReadSize = 64 << 10;

    /// <summary>A line longer than this comes in parts.</summary>
    private const int LongestLine = 1 << 20;

    private readonly byte[] _newline = encoding.GetBytes("\n");
    private readonly byte[] _return = encoding.GetBytes("\r");
    private readonly Decoder _decoder = encoding.GetDecoder();
    private byte[] _bytes = new byte[ReadSize];
    private int _start;
    private int _end;

    private byte[] _out = [];

    /// <summary>
    /// Where the content of the fifo begins: what is before it is out of the fifo already. It is behind the start while lines
    /// have been given that are taken out with those that follow: each time, the writer wakes up.
    /// </summary>
    private int _fifo;

    /// <summary>Up to where there is no line end.</summary>
    private int _scanned;

    /// <summary>Is a line being given in parts?</summary>
    private bool _inParts;

    /// <summary>
    /// Whether somebody else reads too. Bytes are then taken out of the fifo when they are seen, or the other one might give
    /// them as well; what is not given by the time of leaving is lost.
    /// </summary>
    public bool IsShared { get; set; }

    /// <summary>Whether the process has ended: no line will be finished any more, and the end of the fifo is seen only when it is empty.</summary>
    public bool IsLast { get; set; }

    /// <summary>How many bytes were seen, not given, and left in the fifo.</summary>
    public int Seen => _end - Math.Max(_start, _fifo);

    /// <summary>Has everything been given?</summary>
    public bool HasEnded => tap.HasEnded && _end == _start;

    public StreamTap Tap => tap;

    /// <summary>So many more bytes may be given; a line that is begun within them is given whole.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>Gives the next line if there is a whole one, or the last of all without its end.</summary>
    /// <exception cref="IOException">The fifo cannot be read.</exception>
    public bool TryTake(out string line)
    {
        if (Limit <= 0)
        {
            line = string.Empty;
            return false;
        }

        if (TryFind(out line) || (Look() && TryFind(out line)))
        {
            return true;
        }

        if (Seen > 0 && LeavesTooMuch())
        {
            TakeOut(_end);
        }

        return false;
    }

    /// <summary>Gives the beginning of a line that is out of the fifo already, before leaving: nobody else would get it.</summary>
    public bool TryTakeRest(out string line)
    {
        line = _fifo > _start ? Give(_fifo - _start, whole: true, after: 0) : string.Empty;
        return line.Length > 0;
    }

    private bool TryFind(out string line)
    {
        while (true)
        {
            int end = FindNewline();
            if (end >= 0)
            {
                int next = end + _newline.Length;
                if (_bytes.AsSpan(next, _end - next).IndexOf(_newline) >= 0 || TakeOut(next))
                {
                    line = Give(end - _start, whole: true, after: _newline.Length);
                    return true;
                }

                continue;
            }

            int length = _end - _start;
            if (length > LongestLine || (length > 0 && tap.HasEnded))
            {
                int part = Math.Min(length, LongestLine);
                if (TakeOut(_start + part))
                {
                    line = Give(part, whole: length <= LongestLine, after: 0);
                    return true;
                }

                continue;
            }

            line = string.Empty;
            return false;
        }
    }

    /// <summary>Takes out of the fifo what was given of it: to be called before leaving.</summary>
    public void Settle() => TakeOut(_start);

    /// <summary>Takes what was seen out of the fifo, up to here.</summary>
    /// <returns>False when somebody else had taken it first: what is there instead has been taken.</returns>
    private bool TakeOut(int until)
    {
        int count = until - _fifo;
        if (count <= 0)
        {
            return true;
        }

        if (_out.Length < count)
        {
            _out = new byte[Math.Max(count, Page)];
        }

        int taken = 0;
        while (taken < count && tap.Read(_out.AsSpan(taken, count - taken)) is > 0 and var read)
        {
            taken += read;
        }

        if (_out.AsSpan(0, taken).SequenceEqual(_bytes.AsSpan(_fifo, count)))
        {
            _fifo = until;
            return true;
        }

        int at = Math.Max(_start, _fifo);
        if (_bytes.Length < at + taken)
        {
            Array.Resize(ref _bytes, at + taken);
        }

        _out.AsSpan(0, taken).CopyTo(_bytes.AsSpan(at));
        _end = _fifo = at + taken;
        _scanned = _start;
        IsShared = true;
        return false;
    }

    /// <summary>Looks for more. True when there is any, or when the end has come.</summary>
    private bool Look()
    {
        if (!TakeOut(_start))
        {
            return true;
        }

        MakeRoom();
        if (Seen > 0 && (IsShared || IsLast || tap.WriterGone) && !TakeOut(_end))
        {
            return true;
        }

        if (IsShared)
        {
            int read = tap.Read(_bytes.AsSpan(_end, ReadSize));
            _end += read;
            _fifo = _end;
            return read > 0 || tap.HasEnded;
        }

        int before = _end;
        _end = _fifo + tap.Peek(_bytes.AsSpan(_fifo, ReadSize));
        return _end > before || tap.HasEnded;
    }

    /// <summary>
    /// Does an unfinished line take so much of the fifo that its writer may have to wait for ever? A fifo is full when its
    /// pages are, which may hold a good half of what they could; a small one soon.
    /// </summary>
    private bool LeavesTooMuch() => tap.Capacity is var capacity && (capacity < 16 * Page || Seen >= capacity / 4);

    private string Give(int length, bool whole, int after)
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(_start, length);
        if (after > 0 && bytes.EndsWith(_return))
        {
            bytes = bytes[..^_return.Length];
        }

        string text = _inParts || !whole ? Part(bytes, whole) : encoding.GetString(bytes);
        Limit = Limit == int.MaxValue ? Limit : Limit - length - after;
        _start += length + after;
        _scanned = _start;
        return text;
    }

    /// <summary>A part may end inside a character, which the decoder keeps for the next one.</summary>
    private string Part(ReadOnlySpan<byte> bytes, bool last)
    {
        _inParts = !last;
        char[] characters = new char[_decoder.GetCharCount(bytes, flush: last)];
        _decoder.GetChars(bytes, characters, flush: last);
        return new string(characters);
    }

    /// <summary>Where the next line ends, or -1. In encodings of several bytes a character begins only at each so many.</summary>
    private int FindNewline()
    {
        int unit = _newline.Length;
        if (unit == 1 && _bytes.AsSpan(_scanned, _end - _scanned).IndexOf(_newline[0]) is >= 0 and var found)
        {
            return _scanned + found;
        }

        while (unit > 1 && _scanned + unit <= _end)
        {
            if (_bytes.AsSpan(_scanned, unit).SequenceEqual(_newline))
            {
                return _scanned;
            }

            _scanned += unit;
        }

        _scanned = unit == 1 ? _end : _scanned;
        return -1;
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        if (_start > 0)
        {
            _bytes.AsSpan(_start, held).CopyTo(_bytes);
            (_scanned, _fifo, _start, _end) = (_scanned - _start, _fifo - _start, 0, held);
        }

        if (_bytes.Length < held + ReadSize)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, held + ReadSize));
        }
    }
}
