namespace ContainerdPS.Terminal;

/// <summary>The keys that leave a terminal while what runs in it goes on, written as Docker writes them.</summary>
internal sealed class DetachKeys
{
    /// <summary>What <c>ctrl-</c> can stand before, in the order of the codes it makes.</summary>
    private const string Controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

    private const byte Delete = 127;

    private DetachKeys(string text, byte[] bytes)
    {
        Text = text;
        Bytes = bytes;
    }

    /// <summary>As they were written; empty for none.</summary>
    public string Text { get; }

    /// <summary>What a terminal sends for them.</summary>
    public IReadOnlyList<byte> Bytes { get; }

    /// <summary>Reads keys with commas between them: a character each, or ctrl- and a letter or one of @ [ \ ] ^ _. Nothing is no keys.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: one of them is no key.</exception>
    public static DetachKeys Parse(string text) =>
        new(text, text.Length == 0 ? [] : Array.ConvertAll(text.Split(','), key => Code(key.Trim()) ?? throw Invalid(text, key)));

    private static byte? Code(string key)
    {
        if (key.Length == 1)
        {
            return char.IsAscii(key[0]) ? (byte)key[0] : null;
        }

        if (key.Equals("del", StringComparison.OrdinalIgnoreCase))
        {
            return Delete;
        }

        bool isControl = key.Length == 6 && key.StartsWith("ctrl-", StringComparison.OrdinalIgnoreCase);
        int code = isControl ? Controls.IndexOf(char.ToLowerInvariant(key[5]), StringComparison.Ordinal) : -1;
        return code >= 0 ? (byte)code : null;
    }

    private static ContainerdException Invalid(string text, string key) => new(
        ContainerdErrorCode.InvalidArgument,
        $"'{key}' in '{text}' is not a key. Keys are written with commas between them: a character each, or ctrl- and a letter or one of @ [ \\ ] ^ _, as in 'ctrl-p,ctrl-q'.") { Reason = "InvalidDetachKeys" };
}
