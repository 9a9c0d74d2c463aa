using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Mounts;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Dismount-ContainerSnapshot: ends mounts of Mount-ContainerSnapshot, of this shell or another, and takes away what was made for them.</para>
/// </summary>
[Cmdlet(VerbsData.Dismount, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerSnapshotCommand : DismountCmdlet
{
    private readonly SnapshotterDefaults defaults = new();

    /// <summary>
    /// <para>The snapshots, by key or as objects, whose mounts are all ended; a mount point ends that mount alone. A path that is no key, and begins with /, is taken for the folder.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Snapshot", ValueFromPipeline = true)]
    [Alias("Key")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public ContainerSnapshotReference[] Snapshot { get; set; } = [];

    /// <summary>
    /// <para>The snapshotter that keeps them. Left out, a piped object's own, else the namespace's.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Snapshot")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    private protected override async Task DismountObjectsAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerSnapshotReference snapshot in Snapshot)
        {
            foreach (NamespaceClient client in ClientsOf(snapshot))
            {
                await TryAsync(snapshot.Source, client, () => DismountAsync(snapshot, client, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task DismountAsync(ContainerSnapshotReference snapshot, NamespaceClient client, CancellationToken cancellationToken)
    {
        string snapshotter = Snapshotter ?? snapshot.Snapshotter ?? await defaults.OfAsync(client, cancellationToken);
        string key = await SnapshotKeys.OfAsync(snapshot, snapshotter, client, cancellationToken);
        MountRecord[] records =
        [
            .. MountRecords.Of(client.Session.Address, client.Namespace, snapshotter, key)
                .Where(record => snapshot.Source is not ContainerSnapshotMountPoint point || record.Path == point.Path),
        ];
        if (records.Length == 0 && snapshot.Source is string given && given.StartsWith('/'))
        {
            // No snapshot has such a key.
            await DismountPathAsync(given, cancellationToken);
            return;
        }

        if (records.Length == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The snapshot '{key}' of '{snapshotter}' is not mounted by Mount-ContainerSnapshot on this machine.")
            {
                Reason = "SnapshotNotMounted",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = key,
            };
        }

        foreach (MountRecord record in records)
        {
            await DismountAsync(record, client, snapshot.Source, cancellationToken);
        }
    }
}
