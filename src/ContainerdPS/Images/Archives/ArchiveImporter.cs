using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>
/// Reads images from an archive (an OCI layout or what <c>docker save</c> writes, plain or compressed with gzip or zstd)
/// or from an OCI layout folder, and hands their blobs to a sink.
/// </summary>
/// <remarks>
/// No blob is ever held in memory. A plain archive that is a file is read where it is of use: first its documents, then
/// the layers of the images wanted, from the lowest up. Any other is read once, from front to back, and its blobs are
/// written as they come; so the sink has to protect them until the images are made, and forget them when this fails.
/// </remarks>
internal static class ArchiveImporter
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Reads a file or an OCI layout folder.</summary>
    /// <exception cref="ContainerdException">NotFound, PermissionDenied: the path. InvalidArgument: nothing that can be imported. DataLoss: damaged, incomplete or altered.</exception>
    public static async Task<IReadOnlyList<ImportedImage>> ReadAsync(string path, IBlobSink sink, ArchiveImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return await OciLayoutFolder.ReadAsync(path, sink, options, cancellationToken).ConfigureAwait(false);
            }

            Stream file = await PatientFile.OpenAsync(path, BufferSize, cancellationToken).ConfigureAwait(false);
            await using (file.ConfigureAwait(false))
            {
                return await ReadAsync(file, path, sink, options, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArchiveError.NotFound(path, exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ContainerdException(ContainerdErrorCode.PermissionDenied, $"Cannot import '{path}': this user may not read it.", exception) { Reason = "FileAccessDenied" };
        }
    }

    /// <summary>Reads a stream from its present position; it may be one that only goes forward, and stays open.</summary>
    /// <param name="input">The archive.</param>
    /// <param name="name">What to call the archive in errors.</param>
    /// <param name="sink">Where the blobs go.</param>
    /// <param name="options">What the archive does not say.</param>
    /// <param name="cancellationToken">Cancels the import.</param>
    /// <exception cref="ContainerdException">InvalidArgument: nothing that can be imported. DataLoss: damaged, incomplete or altered.</exception>
    public static async Task<IReadOnlyList<ImportedImage>> ReadAsync(Stream input, string name, IBlobSink sink, ArchiveImportOptions options, CancellationToken cancellationToken)
    {
        (LayerCompression compression, Stream source) = await Decompression.DetectAsync(input, name, cancellationToken).ConfigureAwait(false);
        Stream tar = Decompression.Open(source, compression, name);
        try
        {
            // Headers are read in pieces of 512 bytes: too small for a pipe or a decompressor.
            using TarStreamReader reader = new(tar.CanSeek ? tar : new BufferedStream(tar, BufferSize), name);
            ArchiveContents contents = await new ArchiveScanner(reader, name, sink, options).ReadAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<ImportedImage> images;
            if (contents.Layout is not null)
            {
                if (contents.Index is null)
                {
                    throw ArchiveError.Damaged(name, "it is an OCI layout without its index.json.");
                }

                images = await new ImageResolver(name, sink, contents, options).ReadAsync(contents.Layout, contents.Index, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                images = contents.DockerManifest is not null
                    ? await new DockerArchive(name, sink, contents, options).ReadAsync(contents.DockerManifest, cancellationToken).ConfigureAwait(false)
                    : throw ArchiveError.Invalid(name, "it is a tar archive, but holds no images: there is neither an oci-layout nor a manifest.json in it. A root filesystem is imported with -RootFileSystem and -Name.");
            }

            await options.TakeAsync(images, contents, name, cancellationToken).ConfigureAwait(false);
            return images;
        }
        finally
        {
            if (!ReferenceEquals(tar, source))
            {
                await tar.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
