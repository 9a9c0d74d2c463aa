using System.IO.Compression;
using System.Runtime.CompilerServices;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives.Streams;

/// <summary>Recognises how a stream is compressed by its first bytes, and undoes it.</summary>
internal static class Decompression
{
    private const int LongestMagic = 6;

    /// <summary>Looks at the first bytes.</summary>
    /// <returns>The compression, and a stream that still begins at the beginning: the given one itself where it can seek.</returns>
    /// <exception cref="ContainerdException">InvalidArgument: a compression that is not supported.</exception>
    public static async Task<(LayerCompression Compression, Stream Stream)> DetectAsync(Stream source, string archive, CancellationToken cancellationToken)
    {
        byte[] head = new byte[LongestMagic];
        int read = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        LayerCompression compression = Recognise(head.AsSpan(0, read));
        if (compression == LayerCompression.Unknown)
        {
            throw ArchiveError.Invalid(archive, "it is compressed with bzip2 or xz. Decompress it first: only gzip and zstd are read.");
        }

        if (source.CanSeek)
        {
            source.Seek(-read, SeekOrigin.Current);
            return (compression, source);
        }

        return (compression, new PrefixStream(head.AsMemory(0, read), source));
    }

    /// <summary>Looks at the first bytes of a blob, which may be compressed in any way or be no archive at all.</summary>
    /// <returns>The compression, <see cref="LayerCompression.Unknown"/> for one that is not supported, and the content from its beginning.</returns>
    public static async Task<(LayerCompression Compression, Stream Stream)> PeekAsync(Stream source, CancellationToken cancellationToken)
    {
        byte[] head = new byte[LongestMagic];
        int read = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return (Recognise(head.AsSpan(0, read)), new PrefixStream(head.AsMemory(0, read), source));
    }

    /// <summary>Opens the uncompressed content. The source stays open; where nothing is compressed it is returned itself.</summary>
    public static Stream Open(Stream source, LayerCompression compression, string archive) => compression switch
    {
        LayerCompression.Gzip => new DecompressedStream(new GZipStream(source, CompressionMode.Decompress, leaveOpen: true), archive),
        LayerCompression.Zstd => new DecompressedStream(OpenZstandard(source), archive),
        _ => source,
    };

    private static LayerCompression Recognise(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return LayerCompression.Gzip;
        }

        // A frame, or a skippable one in front of it.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
            || (head.Length >= 4 && (head[0] & 0xF0) == 0x50 && head[1..].StartsWith((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18])))
        {
            return LayerCompression.Zstd;
        }

        bool isBzip2 = head.StartsWith("BZh"u8);
        bool isXz = head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]);
        return isBzip2 || isXz ? LayerCompression.Unknown : LayerCompression.None;
    }

    // Apart, so that the library is only loaded where something is compressed with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ZstdSharp.DecompressionStream OpenZstandard(Stream source) => new(source, leaveOpen: true);
}
