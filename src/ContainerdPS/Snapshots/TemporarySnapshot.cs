using System.Security.Cryptography;
using ContainerdPS.Services;

namespace ContainerdPS.Snapshots;

/// <summary>Snapshots that are made on committed ones to mount them, and go with the mount.</summary>
internal static class TemporarySnapshot
{
    /// <summary>On such a snapshot: the start of the machine it was mounted in. After another start nothing can be mounted of it any more.</summary>
    private const string BootLabel = "containerdps.mount/boot";

    /// <summary>A key for a new one.</summary>
    public static string NewKey() => $"containerdps-mount-{Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant()}";

    /// <summary>Makes a view, or a snapshot to write to, that stays until it is removed: the collection does not end it.</summary>
    public static Task<IReadOnlyList<Wire.Types.Mount>> MakeAsync(NamespaceClient client, string snapshotter, string key, string parent, bool readOnly, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> labels = GcLabel.Kept(new Dictionary<string, string> { [BootLabel] = Boot() }, null);
        return readOnly
            ? client.Snapshots.ViewAsync(snapshotter, key, parent, labels, cancellationToken)
            : client.Snapshots.PrepareAsync(snapshotter, key, parent, labels, cancellationToken);
    }

    /// <summary>Removes what a former start of the machine has left.</summary>
    public static async Task SweepAsync(NamespaceClient client, string snapshotter, CancellationToken cancellationToken)
    {
        string boot = Boot();
        string filter = DaemonFilter.Labels(new Dictionary<string, string?> { [BootLabel] = null });
        foreach (Wire.SnapshotsV1.Info left in await client.Snapshots.ListAsync(snapshotter, [filter], cancellationToken).CollectAsync(cancellationToken).ConfigureAwait(false))
        {
            if (left.Labels[BootLabel] != boot)
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshotter, left.Name).ConfigureAwait(false);
            }
        }
    }

    private static string Boot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
