using ContainerdPS.Services;

namespace ContainerdPS.Completion;

/// <summary>Completes image names.</summary>
internal sealed class ImageCompleter : DaemonCompleter
{
    protected override async Task<IReadOnlyList<(string Text, string ToolTip)>> CandidatesAsync(NamespaceClient client, System.Collections.IDictionary bound, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ImagesV1.Image> images = await client.Images.ListAsync([], cancellationToken).ConfigureAwait(false);
        return images.Select(static image => (image.Name, image.Target?.Digest ?? string.Empty)).ToArray();
    }
}
