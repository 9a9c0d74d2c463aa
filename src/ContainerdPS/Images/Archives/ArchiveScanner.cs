using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>
/// Goes through an archive once, whatever order its entries have. Every blob it meets is written to the sink, unless the
/// archive can be read in any order: then it is only noted where they are.
/// </summary>
internal sealed class ArchiveScanner(TarStreamReader reader, string archive, IBlobSink sink, ArchiveImportOptions options)
{
    private const string BlobFolder = "blobs/";
    private const int CopySize = 1024 * 1024;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly ArchiveContents _contents = new(archive, sink, reader);

    public async Task<ArchiveContents> ReadAsync(CancellationToken cancellationToken)
    {
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            string name = EntryPath.Clean(entry.Name)
                ?? throw ArchiveError.Invalid(archive, $"the entry {ArchiveError.Quote(entry.Name)} lies outside the root of the archive.");
            if (entry.Kind == TarEntryKind.Directory)
            {
                continue;
            }

            if (!_names.Add(name))
            {
                throw ArchiveError.Invalid(archive, $"it holds the entry {ArchiveError.Quote(name)} twice.");
            }

            if (_names.Count > ArchiveLimits.Entries)
            {
                throw ArchiveError.Invalid(archive, $"it holds more than {ArchiveLimits.Entries} files, which no archive of images does.");
            }

            await ReadEntryAsync(entry, name, cancellationToken).ConfigureAwait(false);
        }

        return _contents;
    }

    private async Task ReadEntryAsync(TarEntry entry, string name, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                await ReadFileAsync(entry, name, cancellationToken).ConfigureAwait(false);
                break;
            case TarEntryKind.SymbolicLink or TarEntryKind.HardLink:
                // A hard link names its target from the archive's root, a symbolic one from its own folder.
                string? target = entry.Kind == TarEntryKind.HardLink ? EntryPath.Clean(entry.LinkTarget) : EntryPath.FromLink(name, entry.LinkTarget);
                _contents.AddLink(
                    name,
                    target ?? throw ArchiveError.Invalid(archive, $"the entry {ArchiveError.Quote(name)} is a link to {ArchiveError.Quote(entry.LinkTarget)}, which lies outside the root of the archive."));
                break;
            case TarEntryKind.SparseFile:
                throw ArchiveError.Invalid(archive, $"the entry {ArchiveError.Quote(name)} is stored as a sparse file. Write the archive without that.");
            default:
                options.Notice?.Invoke($"The entry {ArchiveError.Quote(name)} of '{archive}' was passed over: it is no file.");
                break;
        }
    }

    private async Task ReadFileAsync(TarEntry entry, string name, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "oci-layout":
                _contents.Layout = await ReadDocumentAsync(entry, cancellationToken).ConfigureAwait(false);
                break;
            case "index.json":
                _contents.Index = await ReadDocumentAsync(entry, cancellationToken).ConfigureAwait(false);
                break;
            case "manifest.json":
                _contents.DockerManifest = await ReadDocumentAsync(entry, cancellationToken).ConfigureAwait(false);
                break;
            default:
                if (BlobDigest(name) is { } digest)
                {
                    _contents.AddFile(await ReadNamedAsync(name, digest, entry.Size, cancellationToken).ConfigureAwait(false));
                }
                else if (_contents.Layout is null && MayBeDockerBlob(name))
                {
                    _contents.AddFile(await ReadUnnamedAsync(name, cancellationToken).ConfigureAwait(false));
                }

                break;
        }
    }

    private async Task<byte[]> ReadDocumentAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Size > ArchiveLimits.Document)
        {
            throw ArchiveError.Invalid(archive, $"its {ArchiveError.Quote(entry.Name)} has {entry.Size} bytes; at most {ArchiveLimits.Document} are read.");
        }

        byte[] content = new byte[entry.Size];
        await reader.Content.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return content;
    }

    /// <summary>Takes in a blob whose path says its digest.</summary>
    private async Task<ArchiveFile> ReadNamedAsync(string name, string digest, long size, CancellationToken cancellationToken)
    {
        (LayerCompression compression, Stream content) = await PeekAsync(cancellationToken).ConfigureAwait(false);
        ArchiveFile file = new(name, digest, size, compression);
        return reader.CanReopen ? file with { Start = reader.ContentStart } : await WriteAsync(file, content, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes in a file whose digest has to be found out first. What cannot be read twice is kept in a temporary file meanwhile.</summary>
    private async Task<ArchiveFile> ReadUnnamedAsync(string name, CancellationToken cancellationToken)
    {
        (LayerCompression compression, Stream content) = await PeekAsync(cancellationToken).ConfigureAwait(false);
        TemporaryBlob? kept = reader.CanReopen ? null : TemporaryBlob.Create(options.TemporaryFolder);
        try
        {
            using DigestingStream first = new(content);
            await first.CopyToAsync(kept?.Content ?? Stream.Null, CopySize, cancellationToken).ConfigureAwait(false);
            CheckConfigName(name, first.Digest);
            ArchiveFile file = new(name, first.Digest, first.Count, compression);
            return kept is null ? file with { Start = reader.ContentStart } : await WriteAsync(file, kept.Rewind(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (kept is not null)
            {
                await kept.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<ArchiveFile> WriteAsync(ArchiveFile file, Stream content, CancellationToken cancellationToken)
    {
        OciDescriptor blob = new() { MediaType = "application/octet-stream", Digest = file.Digest, Size = file.Size };
        await _contents.WriteAsync(blob, file.Name, content, cancellationToken).ConfigureAwait(false);
        return file;
    }

    private async Task<(LayerCompression Compression, Stream Content)> PeekAsync(CancellationToken cancellationToken) =>
        await Decompression.PeekAsync(reader.Content, cancellationToken).ConfigureAwait(false);

    // Docker names a config by its digest.
    private void CheckConfigName(string name, string digest)
    {
        if (name.EndsWith(".json", StringComparison.Ordinal)
            && Digest.TryParse("sha256:" + name[..^".json".Length], out Digest claimed)
            && claimed.ToString() != digest)
        {
            throw ArchiveError.Damaged(archive, $"the content of {ArchiveError.Quote(name)} has the digest {digest}. The archive was damaged or altered.");
        }
    }

    private static string? BlobDigest(string name)
    {
        if (!name.StartsWith(BlobFolder, StringComparison.Ordinal))
        {
            return null;
        }

        string digest = name[BlobFolder.Length..].Replace('/', ':');
        return Digest.IsValid(digest) ? digest : null;
    }

    // The names that docker save, podman, bazel, jib, kaniko and ko give configs and layers. Anything else is left alone, so
    // that a root filesystem that is taken for an archive of images is not written to the daemon file by file.
    private static bool MayBeDockerBlob(string name)
    {
        string file = name[(name.LastIndexOf('/') + 1)..];
        return file.EndsWith(".tar", StringComparison.Ordinal)
            || file.EndsWith(".tar.gz", StringComparison.Ordinal)
            || file.EndsWith(".tgz", StringComparison.Ordinal)
            || file.EndsWith(".tar.zst", StringComparison.Ordinal)
            || (file.Length == name.Length && (file.EndsWith(".json", StringComparison.Ordinal) || file.StartsWith("sha256:", StringComparison.Ordinal)));
    }
}
