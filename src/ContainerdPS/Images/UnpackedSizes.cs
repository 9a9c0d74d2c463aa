using System.Collections.Concurrent;
using ContainerdPS.Images.Archives;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Where images are unpacked, and how much their layers take there.</summary>
internal sealed class UnpackedSizes(NamespaceClient client)
{
    private readonly ConcurrentDictionary<(string Snapshotter, string Key), Task<long?>> usages = new();
    private Task<string>? usual;

    /// <summary>The snapshotters all layers of one of the images are unpacked in, and their size in one of those: the namespace's own where it is among them.</summary>
    public async Task<(IReadOnlyList<string> Snapshotters, long? Size)> OfAsync(IReadOnlyList<WholeImage> images, CancellationToken cancellationToken)
    {
        var sizes = new SortedDictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        foreach (WholeImage image in images)
        {
            foreach (string snapshotter in GcLabels.Snapshotters(image.ConfigLabels))
            {
                if (await LayersAsync(snapshotter, image, cancellationToken).ConfigureAwait(false) is not { } layers)
                {
                    continue;
                }

                Dictionary<string, long> all = sizes.TryGetValue(snapshotter, out Dictionary<string, long>? known) ? known : sizes[snapshotter] = new(StringComparer.Ordinal);
                foreach ((string key, long size) in layers)
                {
                    all[key] = size;
                }
            }
        }

        if (sizes.Count == 0)
        {
            return ([], null);
        }

        usual ??= UsualAsync(cancellationToken);
        string preferred = await usual.ConfigureAwait(false);
        return ([.. sizes.Keys], (sizes.GetValueOrDefault(preferred) ?? sizes.Values.First()).Values.Sum());
    }

    /// <summary>What one snapshot takes without those below it; null when there is none.</summary>
    public Task<long?> OfSnapshotAsync(string snapshotter, string key, CancellationToken cancellationToken) =>
        usages.GetOrAdd((snapshotter, key), asked => UsageAsync(asked.Snapshotter, asked.Key, cancellationToken));

    private async Task<string> UsualAsync(CancellationToken cancellationToken) =>
        (await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false)).Snapshotter;

    private async Task<List<(string Key, long Size)>?> LayersAsync(string snapshotter, WholeImage image, CancellationToken cancellationToken)
    {
        var layers = new List<(string Key, long Size)>();
        foreach (string key in ChainId.All(image.Config.RootFs?.DiffIds ?? []))
        {
            // The label stays when somebody removes a snapshot by hand.
            if (await OfSnapshotAsync(snapshotter, key, cancellationToken).ConfigureAwait(false) is not { } size)
            {
                return null;
            }

            layers.Add((key, size));
        }

        return layers;
    }

    private async Task<long?> UsageAsync(string snapshotter, string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.Snapshots.UsageAsync(snapshotter, key, cancellationToken).ConfigureAwait(false)).Size;
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument)
        {
            // InvalidArgument: the daemon no longer has this snapshotter.
            return null;
        }
    }
}
