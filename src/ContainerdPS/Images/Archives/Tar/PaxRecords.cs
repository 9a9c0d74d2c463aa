using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ContainerdPS.Images.Archives.Tar;

/// <summary>The records of a PAX extended header, as far as they change how an archive is walked.</summary>
internal sealed class PaxRecords
{
    public string? Path { get; private set; }

    public string? LinkPath { get; private set; }

    public long? Size { get; private set; }

    public long? UserId { get; private set; }

    public long? GroupId { get; private set; }

    public bool IsSparse { get; private set; }

    /// <summary>Parses <c>LENGTH KEY=VALUE\n</c> records, LENGTH counting the whole record.</summary>
    /// <returns>Null when a record is malformed.</returns>
    public static PaxRecords? TryParse(ReadOnlySpan<byte> data)
    {
        PaxRecords records = new();
        while (!data.IsEmpty)
        {
            int blank = data.IndexOf((byte)' ');
            if (blank is < 1 or > 10
                || !Utf8Parser.TryParse(data[..blank], out int length, out int used) || used != blank
                || length <= blank + 1 || length > data.Length || data[length - 1] != (byte)'\n')
            {
                return null;
            }

            ReadOnlySpan<byte> record = data[(blank + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1 || !records.TryTake(record[..equals], record[(equals + 1)..]))
            {
                return null;
            }

            data = data[length..];
        }

        return records;
    }

    /// <summary>Appends one record. Its length counts its own digits, so it is found by trying.</summary>
    public static void Append(MemoryStream to, string key, ReadOnlySpan<byte> value)
    {
        byte[] name = Encoding.UTF8.GetBytes(key);
        int body = name.Length + value.Length + 3;
        int length = body + 1;
        while (length != body + Digits(length))
        {
            length = body + Digits(length);
        }

        to.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        to.WriteByte((byte)' ');
        to.Write(name);
        to.WriteByte((byte)'=');
        to.Write(value);
        to.WriteByte((byte)'\n');
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private bool TryTake(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        long number;
        if (key.SequenceEqual("path"u8))
        {
            Path = Encoding.UTF8.GetString(value);
        }
        else if (key.SequenceEqual("linkpath"u8))
        {
            LinkPath = Encoding.UTF8.GetString(value);
        }
        else if (key.SequenceEqual("size"u8))
        {
            bool good = TryNumber(value, out number);
            Size = number;
            return good;
        }
        else if (key.SequenceEqual("uid"u8))
        {
            bool good = TryNumber(value, out number);
            UserId = number;
            return good;
        }
        else if (key.SequenceEqual("gid"u8))
        {
            bool good = TryNumber(value, out number);
            GroupId = number;
            return good;
        }
        else if (key.StartsWith("GNU.sparse."u8))
        {
            IsSparse = true;
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> value, out long number) =>
        Utf8Parser.TryParse(value, out number, out int used) && used == value.Length && number >= 0;
}
