using System.Management.Automation;
using ContainerdPS.Mapping;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerSnapshotMount: gets the mounts that make the file tree of a snapshot appear, without making them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerSnapshotMount")]
[OutputType(typeof(ContainerSnapshotMount))]
public sealed class GetContainerSnapshotMountCommand : SnapshotOperandCmdlet
{
    private protected override Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken) =>
        StartAsync(
            snapshot.Source,
            client,
            async token =>
            {
                Wire.SnapshotsV1.Info info = await client.Snapshots.GetAsync(address.Snapshotter, address.Key, token).ConfigureAwait(false);
                return info.Kind == Wire.SnapshotsV1.Kind.Committed
                    ? throw new ContainerdException(
                        ContainerdErrorCode.FailedPrecondition,
                        $"The snapshot '{address.Key}' is committed, and only active snapshots and views have mounts. Make a view of it with New-ContainerSnapshot -View; Mount-ContainerSnapshot does so by itself.")
                    {
                        Reason = "SnapshotCommitted",
                        ObjectKind = ObjectKinds.Snapshot,
                        ObjectId = address.Key,
                    }
                    : await client.Snapshots.MountsAsync(address.Snapshotter, address.Key, token).ConfigureAwait(false);
            },
            mounts =>
            {
                foreach (Wire.Types.Mount mount in mounts)
                {
                    WriteObject(SnapshotMapping.ToModel(client, address.Snapshotter, address.Key, mount));
                }
            },
            cancellationToken);
}
