using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Tells how an image came about: the steps its configuration lists, with the layers they made.</summary>
internal static class ImageHistory
{
    /// <summary>The steps, newest first.</summary>
    public static async Task<IReadOnlyList<ContainerImageHistory>> ReadAsync(NamespaceClient client, PlatformImage image, string? snapshotter, CancellationToken cancellationToken)
    {
        var unpacked = new UnpackedSizes(client);
        snapshotter ??= (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;
        IReadOnlyList<string> chain = ChainId.All(image.DiffIds);
        var steps = new List<ContainerImageHistory>();
        int layer = 0;
        foreach (ImageHistoryEntry entry in Entries(image))
        {
            // Some tools list fewer layers than there are; those that are left over have no words of their own.
            bool empty = entry.EmptyLayer == true || layer >= chain.Count;
            OciDescriptor? blob = !empty && layer < image.Layers.Count ? image.Layers[layer] : null;
            steps.Add(new ContainerImageHistory(client.Session, client.Namespace, image.Name, steps.Count + 1)
            {
                Platform = image.Platform,
                CreatedAt = entry.Created?.ToLocalTime(),
                CreatedBy = entry.CreatedBy ?? string.Empty,
                Author = entry.Author ?? string.Empty,
                Comment = entry.Comment ?? string.Empty,
                IsEmptyLayer = empty,
                Digest = blob?.Digest,
                DiffId = empty ? null : image.DiffIds[layer],
                ChainId = empty ? null : chain[layer],
                Size = blob?.Size ?? 0,
                UnpackedSize = empty ? null : await unpacked.OfSnapshotAsync(snapshotter, chain[layer], cancellationToken).ConfigureAwait(false),
            });
            layer += empty ? 0 : 1;
        }

        steps.Reverse();
        return steps;
    }

    private static IEnumerable<ImageHistoryEntry> Entries(PlatformImage image)
    {
        IReadOnlyList<ImageHistoryEntry> told = image.Config.History ?? [];
        int untold = image.DiffIds.Count - told.Count(static entry => entry.EmptyLayer != true);
        return told.Concat(Enumerable.Repeat(new ImageHistoryEntry(), Math.Max(0, untold)));
    }
}
