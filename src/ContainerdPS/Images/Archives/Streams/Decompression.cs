using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Recognises how a stream is compressed by its first bytes, and undoes it.</summary>
internal static class Decompression
{
    private const int LongestMagic = 6;

    /// <summary>Looks at the first bytes.</summary>
    /// <returns>The compression, and a stream that still begins at the beginning: the given one itself where it can seek.</returns>
    /// <exception cref="ContainerdException">InvalidArgument: a compression that is not supported.</exception>
    public static async Task<(ArchiveCompression Compression, Stream Stream)> DetectAsync(Stream source, string archive, CancellationToken cancellationToken)
    {
        byte[] head = new byte[LongestMagic];
        int read = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> seen = head.AsMemory(0, read);
        ArchiveCompression compression = Recognise(seen.Span, archive);
        if (source.CanSeek)
        {
            source.Seek(-read, SeekOrigin.Current);
            return (compression, source);
        }

        return (compression, new PrefixStream(seen, source));
    }

    /// <summary>Opens the uncompressed content. The source stays open; where nothing is compressed it is returned itself.</summary>
    public static Stream Open(Stream source, ArchiveCompression compression, string archive) => compression switch
    {
        ArchiveCompression.Gzip => new DecompressedStream(new GZipStream(source, CompressionMode.Decompress, leaveOpen: true), archive),
        ArchiveCompression.Zstandard => new DecompressedStream(OpenZstandard(source), archive),
        _ => source,
    };

    private static ArchiveCompression Recognise(ReadOnlySpan<byte> head, string archive)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return ArchiveCompression.Gzip;
        }

        // A frame, or a skippable one in front of it.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
            || (head.Length >= 4 && (head[0] & 0xF0) == 0x50 && head[1..].StartsWith((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18])))
        {
            return ArchiveCompression.Zstandard;
        }

        if (head.StartsWith("BZh"u8))
        {
            throw ArchiveError.Invalid(archive, "it is compressed with bzip2. Decompress it first: only gzip and zstd are read.");
        }

        return head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
            ? throw ArchiveError.Invalid(archive, "it is compressed with xz. Decompress it first: only gzip and zstd are read.")
            : ArchiveCompression.None;
    }

    // Apart, so that the library is only loaded where something is compressed with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ZstdSharp.DecompressionStream OpenZstandard(Stream source) => new(source, leaveOpen: true);
}
