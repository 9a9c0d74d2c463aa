using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Images.Archives.Tar;
using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>
/// What one pass over an archive found. The blobs of one that only goes forward are in the sink by then; those of one that
/// can be read in any order are brought when they are wanted, as long as it is open.
/// </summary>
internal sealed class ArchiveContents(string archive, IBlobSink sink, TarStreamReader reader) : IBlobSource
{
    private readonly Dictionary<string, ArchiveFile> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ArchiveFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    /// <summary>The content of <c>oci-layout</c>.</summary>
    public byte[]? Layout { get; set; }

    /// <summary>The content of <c>index.json</c>.</summary>
    public byte[]? Index { get; set; }

    /// <summary>The content of <c>manifest.json</c>.</summary>
    public byte[]? DockerManifest { get; set; }

    public void AddFile(ArchiveFile file)
    {
        _files.Add(file.Name, file);
        _blobs.TryAdd(file.Digest, file);
    }

    public void AddLink(string path, string target) => _links.Add(path, target);

    public async Task<long?> FindAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(blob.Digest, out ArchiveFile? file) ? file.Size : await sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);

    public async Task<long?> ProvideAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (_blobs.TryGetValue(blob.Digest, out ArchiveFile? file) && file.Start is { } start && file.Size == blob.Size)
        {
            await WriteAsync(blob, file.Name, reader.OpenAt(start, file.Name, file.Size), cancellationToken).ConfigureAwait(false);
        }

        return file?.Size ?? await sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a file of the archive to the sink, unless the blob is there.</summary>
    public async Task WriteAsync(OciDescriptor blob, string name, Stream content, CancellationToken cancellationToken)
    {
        if (await sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false) is { } known)
        {
            if (known != blob.Size)
            {
                throw ArchiveError.Damaged(archive, $"the blob {ArchiveError.Quote(name)} has {blob.Size} bytes; the blob of this digest has {known}.");
            }

            return;
        }

        VerifyingStream verified = new(content, archive, name, blob.Digest, blob.Size);
        await using (verified.ConfigureAwait(false))
        {
            await sink.WriteAsync(blob, verified, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds a file by the path another file of the archive gives, through the links old archives have between equal layers.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: it leads out of the archive, or in a circle. DataLoss: it is not there.</exception>
    public ArchiveFile Find(string path)
    {
        string current = EntryPath.Clean(path)
            ?? throw ArchiveError.Invalid(archive, $"its manifest.json names the file {ArchiveError.Quote(path)}, which lies outside the root of the archive.");
        for (int hops = 0; hops <= ArchiveLimits.Links; hops++)
        {
            if (_files.TryGetValue(current, out ArchiveFile? file))
            {
                return file;
            }

            if (!_links.TryGetValue(current, out string? target))
            {
                throw ArchiveError.Damaged(archive, $"the file {ArchiveError.Quote(path)}, which its manifest.json names, is not in it.");
            }

            current = target;
        }

        throw ArchiveError.Invalid(archive, $"the file {ArchiveError.Quote(path)}, which its manifest.json names, is a link that leads to no end.");
    }
}
