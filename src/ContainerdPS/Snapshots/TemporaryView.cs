using System.Security.Cryptography;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Views that are made to mount committed snapshots, and go with the mount.</summary>
internal static class TemporaryView
{
    /// <summary>On a view: the start of the machine it was mounted in. After another start nothing can be mounted of it any more.</summary>
    private const string BootLabel = "containerdps.mount/boot";

    /// <summary>A key for a new one.</summary>
    public static string NewKey() => $"containerdps-mount-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";

    /// <summary>Makes a view that stays until it is removed.</summary>
    public static Task<IReadOnlyList<Wire.Types.Mount>> MakeAsync(NamespaceClient client, string snapshotter, string key, string parent, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string> { [BootLabel] = Boot() };
        return client.Snapshots.ViewAsync(snapshotter, key, parent, GcLabel.Kept(labels, null), cancellationToken);
    }

    /// <summary>Removes what a former start of the machine has left.</summary>
    public static async Task SweepAsync(NamespaceClient client, string snapshotter, CancellationToken cancellationToken)
    {
        string boot = Boot();
        string filter = DaemonFilter.Labels(new Dictionary<string, string?> { [BootLabel] = null });
        foreach (Wire.SnapshotsV1.Info view in await client.Snapshots.ListAsync(snapshotter, [filter], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false))
        {
            if (view.Labels[BootLabel] != boot)
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshotter, view.Name).ConfigureAwait(false);
            }
        }
    }

    private static string Boot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
