using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Native;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>An OCI layout that lies in a folder: only the blobs its images need are read.</summary>
internal sealed class OciLayoutFolder : IBlobSource
{
    private readonly string _folder;
    private readonly string _root;
    private readonly IBlobSink _sink;

    private OciLayoutFolder(string folder, IBlobSink sink)
    {
        _folder = folder;
        _root = Path.TrimEndingDirectorySeparator(Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));
        _sink = sink;
    }

    /// <summary>Reads the images of a layout folder.</summary>
    public static async Task<IReadOnlyList<ImportedImage>> ReadAsync(string folder, IBlobSink sink, ArchiveImportOptions options, CancellationToken cancellationToken)
    {
        OciLayoutFolder source = new(folder, sink);
        byte[] layout = await source.ReadDocumentAsync("oci-layout", cancellationToken).ConfigureAwait(false)
            ?? throw ArchiveError.Invalid(folder, "it is a folder, but no OCI layout: there is no oci-layout in it. A root filesystem is imported with -RootFileSystem and -Name.");
        byte[] index = await source.ReadDocumentAsync("index.json", cancellationToken).ConfigureAwait(false)
            ?? throw ArchiveError.Damaged(folder, "it is an OCI layout without its index.json.");
        IReadOnlyList<ImportedImage> images = await new ImageResolver(folder, sink, source, options).ReadAsync(layout, index, cancellationToken).ConfigureAwait(false);
        await options.TakeAsync(images, source, folder, cancellationToken).ConfigureAwait(false);
        return images;
    }

    public async Task<long?> FindAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (await _sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        using FileStream? file = OpenBlob(blob);
        return file?.Length;
    }

    public async Task<long?> ProvideAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (await _sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        FileStream? file = OpenBlob(blob);
        if (file is null)
        {
            return null;
        }

        await using (file.ConfigureAwait(false))
        {
            // The caller holds the size against the descriptor: a wrong one is found before anything is written.
            long size = file.Length;
            if (size == blob.Size)
            {
                VerifyingStream verified = new(file, _folder, blob.Digest, blob.Digest, size);
                await using (verified.ConfigureAwait(false))
                {
                    await _sink.WriteAsync(blob, verified, cancellationToken).ConfigureAwait(false);
                }
            }

            return size;
        }
    }

    private FileStream? OpenBlob(OciDescriptor blob)
    {
        Digest digest = Digest.Parse(blob.Digest);
        return Open(["blobs", digest.Algorithm, digest.Hex]);
    }

    private async Task<byte[]?> ReadDocumentAsync(string name, CancellationToken cancellationToken)
    {
        FileStream? file = Open([name]);
        if (file is null)
        {
            return null;
        }

        await using (file.ConfigureAwait(false))
        {
            if (file.Length > ArchiveLimits.Document)
            {
                throw ArchiveError.Invalid(_folder, $"its {name} has {file.Length} bytes; at most {ArchiveLimits.Document} are read.");
            }

            byte[] content = new byte[file.Length];
            await file.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return content;
        }
    }

    /// <summary>Opens a regular file of the folder; null when there is none. Links may lead about within the folder, not out of it.</summary>
    private FileStream? Open(string[] parts)
    {
        string path = _root;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (info.LinkTarget is { } target)
            {
                path = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
                if (!path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw ArchiveError.Invalid(_folder, $"{ArchiveError.Quote(string.Join('/', parts))} leads through a link to {ArchiveError.Quote(target)}, outside the folder.");
                }
            }
        }

        if (!File.Exists(path))
        {
            return null;
        }

        // Opening a fifo would wait for somebody to write to it.
        if (OperatingSystem.IsLinux() && StatxCall.Read(path, out FileStatus status) == 0 && !status.IsRegular)
        {
            throw ArchiveError.Invalid(_folder, $"{ArchiveError.Quote(string.Join('/', parts))} is not a regular file.");
        }

        return new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
    }
}
