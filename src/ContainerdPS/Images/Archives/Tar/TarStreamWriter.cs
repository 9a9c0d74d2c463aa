using System.Buffers;
using System.Globalization;
using System.Text;

namespace ContainerdPS.Images.Archives.Tar;

/// <summary>
/// Writes a tar archive that depends on nothing but its entries: the same entries give the same bytes. Headers are POSIX
/// ustar, with a PAX header in front of an entry only where it does not fit one.
/// </summary>
/// <remarks>
/// The platform's own writer is not used: it puts the process id into the name of every PAX header, which gives every
/// layer another digest, and takes extended attributes as text, which breaks binary ones such as file capabilities.
/// </remarks>
internal sealed class TarStreamWriter(Stream target)
{
    private const int CopyBufferSize = 128 * 1024;

    private static readonly byte[] EndMark = new byte[2 * TarFields.BlockSize];

    /// <summary>Writes one entry.</summary>
    /// <param name="entry">Its header; <see cref="TarEntry.Size"/> says how much of <paramref name="content"/> is taken.</param>
    /// <param name="content">The bytes of a file, or null.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <exception cref="EndOfStreamException">The content is shorter than the entry says.</exception>
    public async Task WriteAsync(TarEntry entry, Stream? content, CancellationToken cancellationToken)
    {
        MemoryStream pax = new();
        byte[] header = Header(entry, pax);
        if (pax.Length > 0)
        {
            byte[] records = pax.ToArray();
            TarEntry extension = new() { Name = "PaxHeaders/entry", Kind = TarEntryKind.Other, Size = records.Length, Mode = 0x1A4 };
            await target.WriteAsync(Header(extension, new MemoryStream(), 'x'), cancellationToken).ConfigureAwait(false);
            await target.WriteAsync(records, cancellationToken).ConfigureAwait(false);
            await PadAsync(records.Length, cancellationToken).ConfigureAwait(false);
        }

        await target.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        if (content is not null && entry.Size > 0)
        {
            await CopyAsync(content, entry.Size, cancellationToken).ConfigureAwait(false);
            await PadAsync(entry.Size, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the end mark. The target stays open.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken) =>
        await target.WriteAsync(EndMark, cancellationToken).ConfigureAwait(false);

    private async Task CopyAsync(Stream content, long size, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            while (size > 0)
            {
                int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(size, CopyBufferSize)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                size -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task PadAsync(long size, CancellationToken cancellationToken) =>
        await target.WriteAsync(EndMark.AsMemory(0, TarFields.Padding(size)), cancellationToken).ConfigureAwait(false);

    private static byte[] Header(TarEntry entry, MemoryStream pax, char? flag = null)
    {
        byte[] header = new byte[TarFields.BlockSize];
        Span<byte> fields = header;
        Name(entry.Name, fields, pax);
        TarFields.TryWriteOctal(fields[TarFields.Mode], entry.Mode);
        Number(fields[TarFields.UserId], entry.UserId, "uid", pax);
        Number(fields[TarFields.GroupId], entry.GroupId, "gid", pax);
        Number(fields[TarFields.Size], entry.Size, "size", pax);
        Number(fields[TarFields.Modified], entry.ModifiedSeconds, "mtime", pax);
        fields[TarFields.TypeFlag] = (byte)(flag ?? Flag(entry.Kind));
        byte[] link = Encoding.UTF8.GetBytes(entry.LinkTarget);
        if (!TryWriteText(link, fields[TarFields.LinkName]))
        {
            PaxRecords.Append(pax, "linkpath", link);
        }

        "ustar\0"u8.CopyTo(fields[TarFields.Magic]);
        "00"u8.CopyTo(fields[TarFields.Version]);
        if (!TarFields.TryWriteOctal(fields[TarFields.DeviceMajor], entry.DeviceMajor) || !TarFields.TryWriteOctal(fields[TarFields.DeviceMinor], entry.DeviceMinor))
        {
            throw ArchiveError.Invalid(entry.Name, $"its device number {entry.DeviceMajor}:{entry.DeviceMinor} is larger than a tar archive can hold.");
        }

        foreach (KeyValuePair<string, byte[]> attribute in entry.ExtendedAttributes)
        {
            PaxRecords.Append(pax, "SCHILY.xattr." + attribute.Key, attribute.Value);
        }

        (long sum, _) = TarFields.Sum(fields);
        TarFields.TryWriteOctal(fields[TarFields.Checksum][..7], sum);
        header[TarFields.Checksum.End.Value - 1] = (byte)' ';
        return header;
    }

    private static void Name(string name, Span<byte> fields, MemoryStream pax)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        if (TryWriteText(bytes, fields[TarFields.Name]))
        {
            return;
        }

        PaxRecords.Append(pax, "path", bytes);
    }

    // Names outside ASCII go into a PAX record, whose encoding is defined; a header's is not.
    private static bool TryWriteText(byte[] text, Span<byte> field)
    {
        text.AsSpan(0, Math.Min(text.Length, field.Length)).CopyTo(field);
        return text.Length <= field.Length && Ascii.IsValid(text);
    }

    private static void Number(Span<byte> field, long value, string key, MemoryStream pax)
    {
        if (!TarFields.TryWriteOctal(field, value))
        {
            PaxRecords.Append(pax, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static char Flag(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => '0',
        TarEntryKind.HardLink => '1',
        TarEntryKind.SymbolicLink => '2',
        TarEntryKind.CharacterDevice => '3',
        TarEntryKind.BlockDevice => '4',
        TarEntryKind.Directory => '5',
        TarEntryKind.Fifo => '6',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };
}
