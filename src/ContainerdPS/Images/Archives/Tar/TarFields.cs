using System.Buffers.Binary;
using System.Text;

namespace ContainerdPS.Images.Archives.Tar;

/// <summary>The fields of a 512-byte tar header: where they are, and how they are read and written.</summary>
internal static class TarFields
{
    public const int BlockSize = 512;

    public static readonly Range Name = 0..100;
    public static readonly Range Mode = 100..108;
    public static readonly Range UserId = 108..116;
    public static readonly Range GroupId = 116..124;
    public static readonly Range Size = 124..136;
    public static readonly Range Modified = 136..148;
    public static readonly Range Checksum = 148..156;
    public const int TypeFlag = 156;
    public static readonly Range LinkName = 157..257;
    public static readonly Range Magic = 257..263;
    public static readonly Range Version = 263..265;
    public static readonly Range DeviceMajor = 329..337;
    public static readonly Range DeviceMinor = 337..345;
    public static readonly Range Prefix = 345..500;

    /// <summary>Where an old GNU sparse header, and each block that continues it, says that another block follows.</summary>
    public const int SparseContinues = 482;
    public const int SparseBlockContinues = 504;

    /// <summary>Bytes that fill the last block of an entry of this size. Written so that no size overflows.</summary>
    public static int Padding(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);

    /// <summary>Text up to its first NUL.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>
    /// Reads a number: octal digits between blanks, or, where they do not suffice, a big-endian number behind a set top bit.
    /// </summary>
    /// <returns>False when the field holds neither, or a number outside 64 bits.</returns>
    public static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            return TryBinary(field, out value);
        }

        ReadOnlySpan<byte> digits = field.Trim("\0 "u8);
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    /// <summary>Sums a header as both the standard and some old writers do (bytes unsigned, or signed), its own field as blanks.</summary>
    public static (long Unsigned, long Signed) Sum(ReadOnlySpan<byte> header)
    {
        long unsigned = 0;
        long signed = 0;
        (int start, int length) = Checksum.GetOffsetAndLength(BlockSize);
        for (int i = 0; i < BlockSize; i++)
        {
            byte value = i >= start && i < start + length ? (byte)' ' : header[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return (unsigned, signed);
    }

    /// <summary>Writes octal digits with leading zeros and a closing NUL.</summary>
    /// <returns>False when the number does not fit.</returns>
    public static bool TryWriteOctal(Span<byte> field, long value)
    {
        int digits = field.Length - 1;
        if (value < 0 || (digits < 21 && value >> (digits * 3) != 0))
        {
            field[..digits].Fill((byte)'0');
            field[digits] = 0;
            return false;
        }

        for (int i = digits - 1; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        field[digits] = 0;
        return true;
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long value)
    {
        // The sign fills every byte above the low eight; 0x80 opens a positive number, 0xFF a negative one.
        bool negative = field[0] == 0xFF;
        byte fill = negative ? (byte)0xFF : (byte)0;
        value = 0;
        if (!negative && field[0] != 0x80)
        {
            return false;
        }

        ReadOnlySpan<byte> low = field[1..];
        while (low.Length > sizeof(long))
        {
            if (low[0] != fill)
            {
                return false;
            }

            low = low[1..];
        }

        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill(fill);
        low.CopyTo(wide[(sizeof(long) - low.Length)..]);
        value = BinaryPrimitives.ReadInt64BigEndian(wide);
        return negative == value < 0;
    }
}
