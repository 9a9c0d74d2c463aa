using System.Buffers;

namespace ContainerdPS.Images.Archives.Tar;

/// <summary>
/// Walks a tar archive from its first header to its last, in any of the dialects images come in (v7, ustar, GNU, PAX).
/// Holds one header and at most <see cref="MetadataLimit"/> bytes of extended header; content is handed on as a stream.
/// </summary>
/// <remarks>
/// The platform's own reader is not used: it allocates what an extended header claims to hold (up to 2 GiB) before reading
/// it, refuses sparse entries and repeated PAX keys that layers may contain, and on .NET 8 refuses sizes from 8 GiB on.
/// </remarks>
internal sealed class TarStreamReader(Stream source, string archive) : IDisposable
{
    /// <summary>The most an extended header or a long name may hold, in bytes.</summary>
    public const int MetadataLimit = 1024 * 1024;

    private readonly byte[] _header = new byte[TarFields.BlockSize];
    private TarContentStream? _content;
    private int _padding;
    private long _headersRead;

    /// <summary>The content of the entry read last.</summary>
    public Stream Content => _content ?? Stream.Null;

    /// <summary>Whether the content of an entry can be read twice.</summary>
    public bool CanReopen => source.CanSeek;

    /// <summary>Where in the archive the content of the entry read last begins. Only where <see cref="CanReopen"/>.</summary>
    public long ContentStart { get; private set; }

    /// <summary>Whether the archive closed with its end mark, as every finished archive does.</summary>
    public bool EndMarkSeen { get; private set; }

    /// <summary>Moves to the next entry, passing over what was not read of the current one.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="ContainerdException">InvalidArgument: this is no tar archive. DataLoss: it is damaged or ends too early.</exception>
    public async Task<TarEntry?> ReadNextAsync(CancellationToken cancellationToken)
    {
        PaxRecords? pax = null;
        string? longName = null;
        string? longLink = null;
        while (true)
        {
            await FinishEntryAsync(cancellationToken).ConfigureAwait(false);
            if (!await ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
            {
                if (pax is not null || longName is not null || longLink is not null)
                {
                    throw ArchiveError.Damaged(archive, "it ends after an extended header, without the entry that header belongs to.");
                }

                return null;
            }

            string name = HeaderName();
            long size = Number(TarFields.Size, "size", name);
            if (size < 0)
            {
                throw ArchiveError.Damaged(archive, $"the entry {ArchiveError.Quote(name)} claims a negative size.");
            }

            switch ((char)_header[TarFields.TypeFlag])
            {
                case 'x':
                    pax = PaxRecords.TryParse(await ReadMetadataAsync(name, size, cancellationToken).ConfigureAwait(false))
                        ?? throw ArchiveError.Damaged(archive, $"the extended header {ArchiveError.Quote(name)} is malformed.");
                    continue;
                case 'g':
                    // Defaults for the whole archive: nobody names or sizes entries by them, but a malformed one is damage.
                    _ = PaxRecords.TryParse(await ReadMetadataAsync(name, size, cancellationToken).ConfigureAwait(false))
                        ?? throw ArchiveError.Damaged(archive, $"the global extended header {ArchiveError.Quote(name)} is malformed.");
                    continue;
                case 'L':
                    longName = TarFields.Text(await ReadMetadataAsync(name, size, cancellationToken).ConfigureAwait(false));
                    continue;
                case 'K':
                    longLink = TarFields.Text(await ReadMetadataAsync(name, size, cancellationToken).ConfigureAwait(false));
                    continue;
                default:
                    return await OpenEntryAsync(pax, longName ?? name, longLink, size, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens the content of an entry that was passed, from its beginning, once all have been. Only where <see cref="CanReopen"/>.</summary>
    public Stream OpenAt(long start, string name, long size)
    {
        source.Seek(start, SeekOrigin.Begin);
        _content?.Retire();
        return _content = new TarContentStream(source, archive, name, size);
    }

    /// <summary>Ends reading. The archive's stream stays open.</summary>
    public void Dispose() => _content?.Dispose();

    private async Task<TarEntry> OpenEntryAsync(PaxRecords? pax, string headerName, string? longLink, long headerSize, CancellationToken cancellationToken)
    {
        string name = pax?.Path ?? headerName;
        TarEntryKind kind = Kind((char)_header[TarFields.TypeFlag], name, pax);

        // Only these carry content. Some writers note the target's size in a hard link's header; nothing follows it.
        long size = kind is TarEntryKind.File or TarEntryKind.SparseFile or TarEntryKind.Other ? pax?.Size ?? headerSize : 0;
        TarEntry entry = new()
        {
            Name = name,
            Kind = kind,
            Size = size,
            Mode = (int)(Number(TarFields.Mode, "mode", name) & 0xFFF),
            UserId = pax?.UserId ?? Number(TarFields.UserId, "owner", name),
            GroupId = pax?.GroupId ?? Number(TarFields.GroupId, "group", name),
            ModifiedSeconds = Number(TarFields.Modified, "time", name),
            LinkTarget = pax?.LinkPath ?? longLink ?? TarFields.Text(_header.AsSpan()[TarFields.LinkName]),
            DeviceMajor = kind is TarEntryKind.BlockDevice or TarEntryKind.CharacterDevice ? Number(TarFields.DeviceMajor, "device number", name) : 0,
            DeviceMinor = kind is TarEntryKind.BlockDevice or TarEntryKind.CharacterDevice ? Number(TarFields.DeviceMinor, "device number", name) : 0,
        };

        if (_header[TarFields.TypeFlag] == (byte)'S')
        {
            await SkipSparseMapAsync(name, cancellationToken).ConfigureAwait(false);
        }

        OpenContent(name, size);
        return entry;
    }

    private void OpenContent(string name, long size)
    {
        // Seeking past the end of a file succeeds, so a claim has to be held against the file before anything is skipped.
        if (source.CanSeek && size > source.Length - source.Position)
        {
            throw ArchiveError.Damaged(
                archive,
                $"the entry {ArchiveError.Quote(name)} claims {size} bytes, but only {Math.Max(0, source.Length - source.Position)} follow. The file is truncated, or the claim is false.");
        }

        ContentStart = source.CanSeek ? source.Position : 0;
        _content = new TarContentStream(source, archive, name, size);
        _padding = TarFields.Padding(size);
    }

    private async Task FinishEntryAsync(CancellationToken cancellationToken)
    {
        if (_content is not { } content)
        {
            return;
        }

        if (source.CanSeek)
        {
            source.Seek(content.Remaining, SeekOrigin.Current);
            content.Skipped(content.Remaining);
        }
        else if (content.Remaining > 0)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }

        content.Retire();
        _content = null;
        if (_padding > 0 && await source.ReadAtLeastAsync(_header.AsMemory(0, _padding), _padding, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < _padding)
        {
            throw ArchiveError.Damaged(archive, "it ends inside the last block of an entry. The file is truncated.");
        }
    }

    private async Task<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        int read = await source.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0 && _headersRead > 0)
        {
            return false;
        }

        if (read < _header.Length)
        {
            throw _headersRead > 0
                ? ArchiveError.Damaged(archive, $"it ends inside the header of entry {_headersRead + 1}. The file is truncated.")
                : ArchiveError.Invalid(archive, read == 0 ? "it is empty." : "it is not a tar archive: it is shorter than one header.");
        }

        if (!_header.AsSpan().ContainsAnyExcept((byte)0))
        {
            EndMarkSeen = true;
            return false;
        }

        (long unsigned, long signed) = TarFields.Sum(_header);
        if (!TarFields.TryNumber(_header.AsSpan()[TarFields.Checksum], out long stored) || (stored != unsigned && stored != signed))
        {
            throw _headersRead > 0
                ? ArchiveError.Damaged(archive, $"the header of entry {_headersRead + 1} has a wrong checksum. The file is damaged, or an entry before it claims a wrong size.")
                : ArchiveError.Invalid(archive, "it is not a tar archive, nor one compressed with gzip or zstd.");
        }

        _headersRead++;
        return true;
    }

    private async Task<byte[]> ReadMetadataAsync(string name, long size, CancellationToken cancellationToken)
    {
        if (size > MetadataLimit)
        {
            throw ArchiveError.Invalid(archive, $"the extended header {ArchiveError.Quote(name)} claims {size} bytes; at most {MetadataLimit} are read.");
        }

        OpenContent(name, size);
        byte[] data = new byte[size];
        await Content.ReadExactlyAsync(data, cancellationToken).ConfigureAwait(false);
        return data;
    }

    private async Task SkipSparseMapAsync(string name, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(TarFields.BlockSize);
        try
        {
            bool more = _header[TarFields.SparseContinues] != 0;
            while (more)
            {
                if (await source.ReadAtLeastAsync(block.AsMemory(0, TarFields.BlockSize), TarFields.BlockSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < TarFields.BlockSize)
                {
                    throw ArchiveError.Damaged(archive, $"it ends inside the map of the sparse entry {ArchiveError.Quote(name)}. The file is truncated.");
                }

                more = block[TarFields.SparseBlockContinues] != 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private string HeaderName()
    {
        string name = TarFields.Text(_header.AsSpan()[TarFields.Name]);

        // Only POSIX headers have a prefix: GNU ones ("ustar" and blanks) keep other things in its place.
        if (_header.AsSpan()[TarFields.Magic].SequenceEqual("ustar\0"u8))
        {
            string prefix = TarFields.Text(_header.AsSpan()[TarFields.Prefix]);
            return prefix.Length == 0 ? name : $"{prefix}/{name}";
        }

        return name;
    }

    private long Number(Range field, string what, string name) =>
        TarFields.TryNumber(_header.AsSpan()[field], out long value)
            ? value
            : throw ArchiveError.Damaged(archive, $"the {what} of the entry {ArchiveError.Quote(name)} is not a number a tar header can hold.");

    private static TarEntryKind Kind(char flag, string name, PaxRecords? pax) => flag switch
    {
        '0' or '\0' or '7' when pax is { IsSparse: true } => TarEntryKind.SparseFile,
        '0' or '\0' when name.EndsWith('/') => TarEntryKind.Directory,
        '0' or '\0' or '7' => TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        'S' => TarEntryKind.SparseFile,
        _ => TarEntryKind.Other,
    };
}
