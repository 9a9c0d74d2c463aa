namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Lower-case hexadecimal, which .NET 8 has no call for.</summary>
internal static class Hex
{
    public static string Lower(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length * 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
            text[(2 * i) + 1] = "0123456789abcdef"[bytes[i] & 15];
        }

        return new string(text);
    }
}
