using ContainerdPS.Images.Archives;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using Xunit;

namespace ContainerdPS.Tests.Images;

/// <summary>A content store in memory: like the daemon's, it keeps nothing of a blob whose content was not read to its end.</summary>
internal sealed class MemoryBlobSink : IBlobSink
{
    public Dictionary<string, byte[]> Blobs { get; } = [];

    public Dictionary<string, Dictionary<string, string>> Labels { get; } = [];

    public int Writes { get; private set; }

    /// <summary>The digests in the order in which they came.</summary>
    public List<string> Written { get; } = [];

    public Task<long?> FindAsync(string digest, CancellationToken cancellationToken) =>
        Task.FromResult(Blobs.TryGetValue(digest, out byte[]? blob) ? blob.Length : (long?)null);

    public async Task WriteAsync(OciDescriptor blob, Stream content, CancellationToken cancellationToken)
    {
        Writes++;
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellationToken);
        Assert.Equal(blob.Digest, Digest.Compute(copy.ToArray()).ToString());
        Assert.Equal(blob.Size, copy.Length);
        Blobs[blob.Digest] = copy.ToArray();
        Written.Add(blob.Digest);
    }

    public Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(Blobs[digest], writable: false));

    public Task SetLabelsAsync(string digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        Assert.Contains(digest, Blobs.Keys);
        Labels.TryAdd(digest, []);
        foreach ((string key, string value) in labels)
        {
            Labels[digest][key] = value;
        }

        return Task.CompletedTask;
    }
}
