using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>What one pass over an archive found. The blobs themselves are in the sink by then.</summary>
internal sealed class ArchiveContents(string archive, IBlobSink sink) : IBlobSource
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

    public void AddFile(string path, ArchiveFile file)
    {
        _files.Add(path, file);
        _blobs.TryAdd(file.Digest, file);
    }

    public void AddLink(string path, string target) => _links.Add(path, target);

    public async Task<long?> ProvideAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(blob.Digest, out ArchiveFile? file) ? file.Size : await sink.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);

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
