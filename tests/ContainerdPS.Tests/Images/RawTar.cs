using System.Text;
using ContainerdPS.Images.Archives.Tar;

namespace ContainerdPS.Tests.Images;

/// <summary>Writes tar archives byte by byte, lies included.</summary>
internal sealed class RawTar
{
    private readonly List<byte> _bytes = [];

    public RawTar File(string name, byte[] content) => Header(name, '0', content.Length).Content(content);

    public RawTar File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public RawTar Link(char type, string name, string target) => Header(name, type, 0, target);

    /// <summary>A header alone, with any claim about the size of what follows.</summary>
    public RawTar Header(string name, char type, long size, string link = "")
    {
        byte[] header = new byte[TarFields.BlockSize];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        Encoding.UTF8.GetBytes(link).CopyTo(header, 157);
        TarFields.TryWriteOctal(header.AsSpan()[TarFields.Mode], 0x1A4);
        if (!TarFields.TryWriteOctal(header.AsSpan()[TarFields.Size], size))
        {
            header[124] = 0x80;
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(128), size);
            header[124] |= (byte)(size < 0 ? 0x7F : 0);
            header.AsSpan(125, 3).Fill((byte)(size < 0 ? 0xFF : 0));
        }

        header[TarFields.TypeFlag] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan()[TarFields.Magic]);
        (long sum, _) = TarFields.Sum(header);
        TarFields.TryWriteOctal(header.AsSpan()[TarFields.Checksum][..7], sum);
        _bytes.AddRange(header);
        return this;
    }

    public RawTar Content(byte[] content)
    {
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[TarFields.Padding(content.Length)]);
        return this;
    }

    /// <summary>What was written so far, without the mark that ends an archive.</summary>
    public byte[] Bytes() => [.. _bytes];

    public byte[] End()
    {
        _bytes.AddRange(new byte[2 * TarFields.BlockSize]);
        return Bytes();
    }
}
