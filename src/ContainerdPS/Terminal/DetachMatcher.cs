namespace ContainerdPS.Terminal;

/// <summary>
/// Finds the detach keys in what is typed, over any number of reads. What may be their beginning is held back until the
/// next key decides.
/// </summary>
internal sealed class DetachMatcher(DetachKeys keys)
{
    private readonly byte[] _keys = [.. keys.Bytes];

    /// <summary>How many of the keys have come; they were not given on.</summary>
    public int Held { get; private set; }

    /// <summary>Takes what was typed and gives what is for the process; what comes after the last of the keys is dropped.</summary>
    /// <returns>Whether all the keys have come.</returns>
    public bool Feed(ReadOnlySpan<byte> typed, List<byte> forProcess)
    {
        foreach (byte key in typed)
        {
            if (_keys.Length == 0)
            {
                forProcess.Add(key);
                continue;
            }

            // What no longer fits is let go from its beginning until the rest, with this key, fits again.
            while (Held > 0 && _keys[Held] != key)
            {
                LetGo(forProcess);
            }

            if (_keys[Held] != key)
            {
                forProcess.Add(key);
            }
            else if (++Held == _keys.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives on the fewest held keys after which the others are a beginning again.</summary>
    private void LetGo(List<byte> forProcess)
    {
        int shorter = Held - 1;
        while (shorter > 0 && !_keys.AsSpan(Held - shorter, shorter).SequenceEqual(_keys.AsSpan(0, shorter)))
        {
            shorter--;
        }

        forProcess.AddRange(_keys.AsSpan(0, Held - shorter));
        Held = shorter;
    }
}
