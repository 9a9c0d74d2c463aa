using System.IO.Compression;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>Makes a one-layer image of a root filesystem: a folder, or a tar that holds one.</summary>
internal static class RootFileSystemImporter
{
    private const int CopyBufferSize = 128 * 1024;

    /// <summary>Makes an image of a folder. Links are kept as links, special files as their numbers, sockets left out.</summary>
    /// <exception cref="ContainerdException">NotFound: no such folder. PermissionDenied, DataLoss, Aborted: a file could not be read as it stood.</exception>
    public static async Task<ImportedImage> ReadFolderAsync(string folder, IBlobSink sink, RootFileSystemOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new ContainerdException(ContainerdErrorCode.NotFound, $"Cannot import '{folder}': there is no such folder.") { Reason = "FileNotFound" };
        }

        if (ImageTraces.AreIn(folder))
        {
            throw ImageTraces.Refusal(folder);
        }

        TemporaryBlob blob = TemporaryBlob.Create(options.TemporaryFolder);
        await using (blob.ConfigureAwait(false))
        {
            using DigestWriter compressed = new(blob.Content);
            string diffId;
            GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
            {
                using DigestWriter tar = new(gzip);
                await new FolderLayer(folder, options).WriteAsync(tar, cancellationToken).ConfigureAwait(false);
                diffId = tar.Digest;
            }

            OciDescriptor layer = new() { MediaType = MediaTypes.OciLayerGzip, Digest = compressed.Digest, Size = compressed.Count };
            await sink.WriteAsync(layer, blob.Rewind(), cancellationToken).ConfigureAwait(false);
            return await RootFileSystemImage.WriteAsync(layer, diffId, folder, sink, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes an image of a tar, which becomes the layer as it is: gzip and zstd stay, a plain one is compressed on the way.
    /// </summary>
    /// <param name="input">The tar, from its present position; it stays open. May be a stream that only goes forward.</param>
    /// <param name="name">What to call the input in errors.</param>
    /// <param name="sink">Where the blobs go.</param>
    /// <param name="options">What the tar does not say.</param>
    /// <param name="cancellationToken">Cancels the import.</param>
    /// <exception cref="ContainerdException">InvalidArgument: no tar of a file system. DataLoss: damaged or truncated.</exception>
    public static async Task<ImportedImage> ReadTarAsync(Stream input, string name, IBlobSink sink, RootFileSystemOptions options, CancellationToken cancellationToken)
    {
        (LayerCompression compression, Stream source) = await Decompression.DetectAsync(input, name, cancellationToken).ConfigureAwait(false);

        // Compressed data in a file can be read twice; everything else is kept while its digest is not known.
        bool readTwice = input.CanSeek && compression != LayerCompression.None;
        long start = readTwice ? input.Position : 0;
        TemporaryBlob? blob = readTwice ? null : TemporaryBlob.Create(options.TemporaryFolder);
        try
        {
            (OciDescriptor layer, string diffId) = compression == LayerCompression.None
                ? await CompressAsync(source, name, blob!.Content, cancellationToken).ConfigureAwait(false)
                : await KeepAsync(source, name, compression, blob?.Content ?? Stream.Null, cancellationToken).ConfigureAwait(false);
            Stream content = blob?.Rewind() ?? input;
            if (readTwice)
            {
                input.Position = start;
            }

            VerifyingStream verified = new(content, name, layer.Digest, layer.Digest, layer.Size);
            await using (verified.ConfigureAwait(false))
            {
                await sink.WriteAsync(layer, verified, cancellationToken).ConfigureAwait(false);
            }

            return await RootFileSystemImage.WriteAsync(layer, diffId, name, sink, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (blob is not null)
            {
                await blob.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<(OciDescriptor Layer, string DiffId)> CompressAsync(Stream source, string name, Stream target, CancellationToken cancellationToken)
    {
        using DigestWriter compressed = new(target);
        string diffId;
        GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            using DigestingStream tar = new(new TeeStream(source, gzip));
            await CheckTarAsync(tar, name, cancellationToken).ConfigureAwait(false);
            diffId = tar.Digest;
        }

        return (new OciDescriptor { MediaType = MediaTypes.OciLayerGzip, Digest = compressed.Digest, Size = compressed.Count }, diffId);
    }

    private static async Task<(OciDescriptor Layer, string DiffId)> KeepAsync(Stream source, string name, LayerCompression compression, Stream target, CancellationToken cancellationToken)
    {
        using DigestingStream compressed = new(new TeeStream(source, target));
        GzipEndStream end = new(compressed);
        Stream decompressed = Decompression.Open(end, compression, name);
        await using (decompressed.ConfigureAwait(false))
        {
            using DigestingStream tar = new(decompressed);
            await CheckTarAsync(tar, name, cancellationToken).ConfigureAwait(false);

            // A decompressor may stop before the last byte; the blob has all of them.
            await end.CopyToAsync(Stream.Null, CopyBufferSize, cancellationToken).ConfigureAwait(false);
            if (compression == LayerCompression.Gzip && !end.IsComplete(tar.Count))
            {
                throw ArchiveError.Damaged(name, "its gzip data does not close as it should. The file is truncated, or something was appended to it.");
            }

            string mediaType = compression == LayerCompression.Gzip ? MediaTypes.OciLayerGzip : MediaTypes.OciLayerZstd;
            return (new OciDescriptor { MediaType = mediaType, Digest = compressed.Digest, Size = compressed.Count }, tar.Digest);
        }
    }

    private static async Task CheckTarAsync(Stream tar, string name, CancellationToken cancellationToken)
    {
        using TarStreamReader reader = new(tar, name);
        bool any = false;
        var traces = new ImageTraces();
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            any = true;
            string? path = EntryPath.Clean(entry.Name);
            if (path is null)
            {
                throw ArchiveError.Invalid(name, $"the entry {ArchiveError.Quote(entry.Name)} lies outside the root of the archive.");
            }

            if (entry.Kind == TarEntryKind.HardLink && EntryPath.Clean(entry.LinkTarget) is null)
            {
                throw ArchiveError.Invalid(name, $"the entry {ArchiveError.Quote(entry.Name)} is a hard link to {ArchiveError.Quote(entry.LinkTarget)}, which lies outside the root of the archive.");
            }

            if (entry.Kind == TarEntryKind.File && traces.Note(path))
            {
                throw ImageTraces.Refusal(name);
            }
        }

        // What follows the end mark is part of the layer's bytes, and so of its digest.
        await tar.CopyToAsync(Stream.Null, CopyBufferSize, cancellationToken).ConfigureAwait(false);
        if (!any)
        {
            throw ArchiveError.Invalid(name, "it holds no entry.");
        }

        if (!reader.EndMarkSeen)
        {
            throw ArchiveError.Damaged(name, "the mark that closes a tar archive is missing. The file is truncated.");
        }
    }
}
