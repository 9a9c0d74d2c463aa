using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>Reads manifests, indexes and configs back from the sink, as far as they are what their descriptors say.</summary>
internal sealed class DocumentReader(string archive, IBlobSink sink, IBlobSource source)
{
    private delegate T Parser<T>(ReadOnlySpan<byte> json);

    /// <summary>Whether a blob is there, in its descriptor's size.</summary>
    /// <exception cref="ContainerdException">DataLoss: it is there, in another size.</exception>
    public async Task<bool> HasAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        IsRight(blob, await source.FindAsync(blob, cancellationToken).ConfigureAwait(false));

    /// <summary>Sees to it that a blob is in the sink, if it is anywhere.</summary>
    /// <exception cref="ContainerdException">DataLoss: it is there, in another size.</exception>
    public async Task<bool> TakeAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        IsRight(blob, await source.ProvideAsync(blob, cancellationToken).ConfigureAwait(false));

    public Task<ImageManifest?> ManifestAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        ReadAsync(blob, ImageJson.ParseManifest, cancellationToken);

    public Task<ImageIndex?> IndexAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        ReadAsync(blob, ImageJson.ParseIndex, cancellationToken);

    public Task<ImageDocument?> ConfigAsync(OciDescriptor blob, CancellationToken cancellationToken) =>
        ReadAsync(blob, ImageJson.ParseDocument, cancellationToken);

    /// <summary>Parses a document of the archive; what is wrong with it becomes an error that names it.</summary>
    public static T Parse<T>(string archive, string document, byte[] json, Func<byte[], T> parse)
    {
        try
        {
            return parse(json);
        }
        catch (ContainerdException exception)
        {
            throw ArchiveError.Invalid(archive, $"its {document} cannot be used. {exception.Message}", exception);
        }
    }

    private bool IsRight(OciDescriptor blob, long? size) =>
        size is null || size == blob.Size ? size is not null : throw ArchiveError.Damaged(archive, ArchiveError.WrongSize(blob, size.Value));

    private async Task<T?> ReadAsync<T>(OciDescriptor blob, Parser<T> parse, CancellationToken cancellationToken)
        where T : class
    {
        if (!await TakeAsync(blob, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        if (blob.Size > ArchiveLimits.Document)
        {
            throw ArchiveError.Invalid(archive, $"the document {blob.Digest} has {blob.Size} bytes; at most {ArchiveLimits.Document} are read.");
        }

        byte[] json = new byte[blob.Size];
        Stream content = await sink.OpenAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            int read = await content.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < json.Length || !Digest.Parse(blob.Digest).Matches(json))
            {
                throw ArchiveError.ContentDamaged(archive, blob.Digest);
            }
        }

        return Parse(archive, $"document {blob.Digest}", json, bytes => parse(bytes));
    }
}
