using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the digests of blobs, also of those that are typed without the algorithm in front.</summary>
internal sealed class ContentCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        List<Wire.ContentV1.Info> blobs = await client.Content.ListAsync([], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false);
        return blobs.Select(static blob => (blob.Digest, $"{blob.Digest} ({Formatting.Size(blob.Size)})")).ToArray();
    }
}
