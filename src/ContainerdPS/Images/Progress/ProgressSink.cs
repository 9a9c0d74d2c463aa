using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.Streams;
using ContainerdPS.Oci;

namespace ContainerdPS.Images.Progress;

/// <summary>Tells how far the blobs of an import are that go into another sink.</summary>
internal sealed class ProgressSink(IBlobSink sink, ImageProgress progress) : IBlobSink
{
    public Task<long?> FindAsync(string digest, CancellationToken cancellationToken) => sink.FindAsync(digest, cancellationToken);

    public Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) => sink.OpenAsync(digest, cancellationToken);

    public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        sink.SetLabelsAsync(digest, labels, cancellationToken);

    public async Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
    {
        PartProgress part = progress.Part(blob);
        part.Report(0, PartState.Writing);
        await sink.WriteAsync(blob, new MeteredStream(content, read => part.Report(part.Done + read, PartState.Writing)), cancellationToken).ConfigureAwait(false);
        part.Complete(PartState.Transferred);
    }
}
