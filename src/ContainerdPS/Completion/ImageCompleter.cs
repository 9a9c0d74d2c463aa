using System.Management.Automation;
using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes image names: as people write them (busybox:latest), and in full where that is what was begun.</summary>
internal sealed class ImageCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ImagesV1.Image> images = await client.Images.ListAsync([], cancellationToken).ConfigureAwait(false);
        return images.Select(static image => (image.Name, image.Target?.Digest ?? string.Empty)).ToArray();
    }

    protected override IEnumerable<CompletionResult> Offer(string wordToComplete, IReadOnlyList<(string Text, string ToolTip)> candidates)
    {
        foreach ((string name, string toolTip) in candidates)
        {
            CompletionResult[] offer = [.. CompletionResults.Matching(wordToComplete, [(Formatting.Image(name), toolTip)])];
            foreach (CompletionResult result in offer.Length > 0 ? offer : CompletionResults.Matching(wordToComplete, [(name, toolTip)]))
            {
                yield return result;
            }
        }
    }
}
