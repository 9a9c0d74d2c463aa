using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives;

/// <summary>Where the blobs of an import go: the content store of a daemon, or whatever a test puts in its place.</summary>
internal interface IBlobSink
{
    /// <summary>The size in bytes of a blob the sink has; null when it does not have it.</summary>
    Task<long?> FindAsync(string digest, CancellationToken cancellationToken);

    /// <summary>
    /// Takes in one blob. The content has to be read to its end: it throws there when it is not the blob the descriptor
    /// names, and nothing may be committed before. A blob that is there already is success.
    /// </summary>
    Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a blob the sink has. The importer reads only manifests, indexes and configs back.</summary>
    Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Adds labels to a blob the sink has; other labels stay.</summary>
    Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);
}
