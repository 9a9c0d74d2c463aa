using System.Text;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Makes lines out of bytes as they come. Lines end with <c>\n</c> or <c>\r\n</c>; only complete ones are given
/// before <see cref="Complete"/>, except that a line longer than the limit comes in parts.
/// </summary>
internal sealed class LineSplitter
{
    /// <summary>The longest text given as one line, in characters.</summary>
    public const int DefaultLimit = 1 << 20;

    private readonly Decoder _decoder;
    private readonly int _limit;
    private char[] _text = new char[1024];
    /// <summary>The characters it has room for.</summary>
    internal int Capacity => _text.Length;

    private int _start;
    private int _scanned;
    private int _end;
    private bool _completed;

    public LineSplitter(Encoding encoding, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        _decoder = encoding.GetDecoder();
        _limit = limit;
    }

    /// <summary>Takes bytes in, which may begin and end inside a character. Then take the lines by <see cref="TryRead"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>Says that no more bytes come: what is left is the last line.</summary>
    public void Complete()
    {
        Decode([], flush: true);
        _completed = true;
    }

    /// <summary>Gives the next line, if there is a whole one.</summary>
    public bool TryRead(out string line)
    {
        int newline = _text.AsSpan(_scanned, _end - _scanned).IndexOf('\n');
        int length = (newline < 0 ? _end : _scanned + newline) - _start;
        if (ContentLength(length, newline >= 0) > _limit)
        {
            line = Take(PartLength());
            _scanned = _start;
            return true;
        }
        if (newline >= 0)
        {
            line = Take(ContentLength(length, isWhole: true));
            _start += length - line.Length + 1;
            _scanned = _start;
            return true;
        }
        if (_completed && length > 0)
        {
            line = Take(length);
            _scanned = _start;
            return true;
        }
        _scanned = _end;
        line = string.Empty;
        return false;
    }

    /// <summary>The length of a line without the \r of its line end, which may not have come whole yet.</summary>
    private int ContentLength(int length, bool isWhole)
    {
        bool mayBeLineEnd = isWhole || !_completed;
        return length > 0 && mayBeLineEnd && _text[_start + length - 1] == '\r' ? length - 1 : length;
    }

    /// <summary>A part does not end between the two halves of a character.</summary>
    private int PartLength() => char.IsHighSurrogate(_text[_start + _limit - 1]) ? _limit - 1 : _limit;

    private string Take(int length)
    {
        string text = new(_text, _start, length);
        _start += length;
        return text;
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        int count = _decoder.GetCharCount(bytes, flush);
        if (_end + count > _text.Length)
        {
            MakeRoom(count);
        }
        _end += _decoder.GetChars(bytes, _text.AsSpan(_end), flush);
    }

    private void MakeRoom(int count)
    {
        int kept = _end - _start;
        char[] target = kept + count <= _text.Length ? _text : new char[Math.Max(kept + count, _text.Length * 2)];
        _text.AsSpan(_start, kept).CopyTo(target);
        _text = target;
        _scanned -= _start;
        _start = 0;
        _end = kept;
    }
}
