using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Mounts;
using ContainerdPS.Native;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Sessions;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Dismount-ContainerSnapshot: ends mounts of Mount-ContainerSnapshot, of this shell or another, and takes away what was made for them.</para>
/// </summary>
[Cmdlet(VerbsData.Dismount, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerSnapshotCommand : NamespaceCmdlet
{
    private readonly SnapshotterDefaults defaults = new();
    private readonly List<ContainerdSession> opened = [];

    /// <summary>
    /// <para>The snapshots, by key or as objects, whose mounts are all ended; a mount point ends that mount alone.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Snapshot", ValueFromPipeline = true)]
    [Alias("Key")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public ContainerSnapshotReference[] Snapshot { get; set; } = [];

    /// <summary>
    /// <para>The folders the snapshots are mounted at.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// <para>The snapshotter that keeps them. Left out, a piped object's own, else the namespace's.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Snapshot")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Ends mounts that are in use: they leave the tree at once, and end with their last use.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (!LinuxOnly.IsHere)
        {
            WriteError(ErrorRecords.From(new ContainerdException(ContainerdErrorCode.Unimplemented, "Snapshots can be mounted on Linux only.") { Reason = "MountUnsupported" }, null, null));
            return;
        }

        foreach (ContainerSnapshotReference snapshot in Snapshot)
        {
            foreach (NamespaceClient client in ClientsOf(snapshot))
            {
                await TryAsync(snapshot.Source, client, () => DismountAsync(snapshot, client, cancellationToken), cancellationToken);
            }
        }

        foreach (string given in Path)
        {
            string shown = GetUnresolvedProviderPathFromPSPath(given);
            string path = PathCalls.Resolve(shown) ?? shown;
            MountRecord? record = MountRecords.All().FirstOrDefault(record => record.Path == path);
            if (record is null)
            {
                WriteError(ErrorRecords.From(
                    new ContainerdException(ContainerdErrorCode.NotFound, $"Mount-ContainerSnapshot has mounted nothing at '{path}'. Get-ContainerSnapshot shows in MountPoints what is mounted where.") { Reason = "MountPointNotFound" }, given, null));
                continue;
            }

            NamespaceClient client = Client(SessionOf(record), record.Namespace);
            await DismountAsync(record, client, given, cancellationToken);
        }
    }

    private protected override Task ReleaseAsync()
    {
        opened.ForEach(static session => session.Dispose());
        return Task.CompletedTask;
    }

    /// <summary>A session to the daemon of a mount: an open one, or one for the length of this command.</summary>
    private ContainerdSession SessionOf(MountRecord record)
    {
        ContainerdSession? open = (Session ?? RunspaceSessions.Current.All).FirstOrDefault(session => session.Address == record.Address && session.State == ContainerdSessionState.Open);
        if (open is null)
        {
            open = SessionFactory.Create(record.Address, record.Namespace, null);
            opened.Add(open);
        }

        return open;
    }

    private async Task DismountAsync(ContainerSnapshotReference snapshot, NamespaceClient client, CancellationToken cancellationToken)
    {
        string snapshotter = Snapshotter ?? snapshot.Snapshotter ?? await defaults.OfAsync(client, cancellationToken);
        MountRecord[] records =
        [
            .. MountRecords.Of(client.Session.Address, client.Namespace, snapshotter, snapshot.Key)
                .Where(record => snapshot.Source is not ContainerSnapshotMountPoint point || record.Path == point.Path),
        ];
        if (records.Length == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The snapshot '{snapshot.Key}' of '{snapshotter}' is not mounted by Mount-ContainerSnapshot on this machine.")
            {
                Reason = "SnapshotNotMounted",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = snapshot.Key,
            };
        }

        foreach (MountRecord record in records)
        {
            await DismountAsync(record, client, snapshot.Source, cancellationToken);
        }
    }

    private async Task DismountAsync(MountRecord record, NamespaceClient client, object target, CancellationToken cancellationToken)
    {
        if (ShouldProcess($"'{record.Path}' (snapshot '{record.Key}' of '{record.Snapshotter}' in namespace '{record.Namespace}')", Force ? "dismount it, also while it is in use" : "dismount it"))
        {
            await TryAsync(target, client, () => SnapshotDismounting.RunAsync(client, record, Force), cancellationToken);
        }
    }
}
