using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes the references of writes that have not ended.</summary>
internal sealed class IngestCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(
        NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ContentV1.Status> ingests = await client.Content.StatusesAsync([], cancellationToken).ConfigureAwait(false);
        return ingests.Select(static ingest => (ingest.Ref, $"{ingest.Ref} ({Formatting.Size(ingest.Offset)} written)")).ToArray();
    }
}
