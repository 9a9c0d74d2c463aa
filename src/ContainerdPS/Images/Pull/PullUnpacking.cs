using ContainerdPS.Images.Progress;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Pull;

/// <summary>Unpacks what was received, for whom it is of use.</summary>
internal sealed class PullUnpacking(NamespaceClient leased, PullRequest request, ImageProgress progress)
{
    /// <summary>Which of the manifests are unpacked: those asked for by platform, else the one this machine can run.</summary>
    public IReadOnlyList<ReceivedManifest> Wanted(IReadOnlyList<ReceivedManifest> manifests)
    {
        ReceivedManifest[] images = manifests.Where(static manifest => manifest.Config is not null).ToArray();
        if (request.Platforms.Count > 0)
        {
            return images.Where(static manifest => manifest.Platform!.Os == Platforms.Host.Os).ToArray();
        }

        var matcher = PlatformMatcher.For(Platforms.Host);
        ReceivedManifest? best = images.Where(manifest => matcher.Matches(manifest.Platform)).MinBy(manifest => matcher.Rank(manifest.Platform));
        if (best is null && images.Length > 0)
        {
            request.Notice?.Invoke($"'{request.Name}' has nothing for {Platforms.Host}, so it was not unpacked and cannot be run here.");
        }

        return best is null ? [] : [best];
    }

    /// <summary>Unpacks one.</summary>
    /// <param name="manifest">What to unpack.</param>
    /// <param name="arrivalOf">Ends when a layer is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(ReceivedManifest manifest, Func<string, Task> arrivalOf, CancellationToken cancellationToken)
    {
        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(leased, cancellationToken).ConfigureAwait(false)).Snapshotter;
        var unpacker = new ImageUnpacker(leased, snapshotter)
        {
            Arrival = layer => arrivalOf(layer.Digest),
            Report = progress.Unpacking,
        };
        await unpacker.UnpackAsync($"'{request.Name}'", manifest.Manifest, manifest.Config!, cancellationToken).ConfigureAwait(false);
    }
}
