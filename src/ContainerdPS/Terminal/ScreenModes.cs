using System.Text;

namespace ContainerdPS.Terminal;

/// <summary>
/// Follows what a program switches on in the terminal it writes to (the other screen, mouse reports, a hidden cursor),
/// so that it can be switched off again when the terminal is left before the program does it.
/// </summary>
internal sealed class ScreenModes
{
    private const byte Escape = 0x1B;
    private const int LongestSequence = 64;
    private const int CursorMode = 25;
    private const int AutoWrapMode = 7;

    /// <summary>The private modes that disturb a shell, and whether they are normally set.</summary>
    private static readonly Dictionary<int, bool> s_normal = new()
    {
        [1] = false, [AutoWrapMode] = true, [CursorMode] = true,
        [9] = false, [1000] = false, [1001] = false, [1002] = false, [1003] = false, [1004] = false, [1005] = false, [1006] = false, [1015] = false, [1016] = false,
        [2004] = false, [2026] = false,
        [47] = false, [1047] = false, [1049] = false,
    };

    private readonly SortedSet<int> _changed = [];
    private readonly List<byte> _sequence = [];
    private bool _inSequence;
    private bool _keypad;
    private bool _coloured;

    /// <summary>Looks through output; sequences may be split over any number of pieces.</summary>
    public void Follow(ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            if (!_inSequence)
            {
                int escape = output.IndexOf(Escape);
                if (escape < 0)
                {
                    return;
                }

                output = output[(escape + 1)..];
                _inSequence = true;
                _sequence.Clear();
                continue;
            }

            Take(output[0]);
            output = output[1..];
        }
    }

    /// <summary>What sets the terminal back, or nothing where it is as it was.</summary>
    public byte[] Reset()
    {
        var text = new StringBuilder();
        foreach (int mode in _changed)
        {
            text.Append("\e[?").Append(mode).Append(s_normal[mode] ? 'h' : 'l');
        }

        if (_keypad)
        {
            text.Append("\e>");
        }

        if (_coloured)
        {
            text.Append("\e[m");
        }

        _changed.Clear();
        _keypad = _coloured = false;
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private void Take(byte next)
    {
        if (next == Escape)
        {
            _sequence.Clear();
            return;
        }

        _sequence.Add(next);
        bool isCsi = _sequence[0] == '[';
        if (!isCsi)
        {
            // The others of interest are one character long; what a longer one carries is text to us.
            _inSequence = false;
            _keypad = next == '=' || (next != '>' && next != 'c' && _keypad);
            if (next == 'c')
            {
                _changed.Clear();
                _coloured = false;
            }
        }
        else if (_sequence.Count > 1 && next is >= 0x40 and <= 0x7E)
        {
            _inSequence = false;
            Apply(Encoding.ASCII.GetString([.. _sequence[1..^1]]), (char)next);
        }
        else if (_sequence.Count > LongestSequence)
        {
            _inSequence = false;
        }
    }

    private void Apply(string parameters, char final)
    {
        if (final == 'm')
        {
            _coloured = parameters is not ("" or "0");
            return;
        }

        if (parameters.StartsWith('?') && final is 'h' or 'l')
        {
            foreach (string text in parameters[1..].Split(';'))
            {
                if (int.TryParse(text, out int mode) && s_normal.TryGetValue(mode, out bool normal))
                {
                    _ = final == 'h' == normal ? _changed.Remove(mode) : _changed.Add(mode);
                }
            }
        }
    }
}
