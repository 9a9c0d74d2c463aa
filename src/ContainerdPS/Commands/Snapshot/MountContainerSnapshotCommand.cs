using System.Management.Automation;
using ContainerdPS.Mounts;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Mount-ContainerSnapshot: mounts a snapshot at a folder of this machine: an active one to write to, any other to read.</para>
/// </summary>
[Cmdlet(VerbsData.Mount, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSnapshotMountPoint))]
public sealed class MountContainerSnapshotCommand : SnapshotArgumentCmdlet
{
    private readonly MountsAtPath atPath = new();

    /// <summary>
    /// <para>The folder; it is made where it is missing, and then goes with the mount. Left out, a new folder among the temporary ones. A script block gets the piped snapshot as $_ and gives each its own.</para>
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// <para>Mounts an active snapshot so that nothing can be written; what is committed, and a view, is always mounted so.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>
    /// <para>Further mount options, such as noexec. They come after nosuid and nodev, which are set by themselves: suid and dev lift those.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Option { get; set; } = [];

    /// <summary>
    /// <para>Mounts over what the folder holds, and to write what a running container uses.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string ArgumentName => nameof(Path);

    private protected override bool IsArgumentRequired => false;

    private protected override async Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        string? given = Argument is null ? Path : PipedOperands.OnlyText(Argument, ArgumentName);
        string? path = given is null ? null : ShellPath.File(this, given);
        if (path is null)
        {
            await MountAsync(snapshot, address, client, null, cancellationToken);
        }
        else
        {
            atPath.Add(SnapshotOf(address, client), path, () => MountAsync(snapshot, address, client, path, cancellationToken));
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) =>
        atPath.MountAsync((path, refusal) => WriteError(ErrorRecords.From(refusal, path, null)));

    private async Task MountAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, string? path, CancellationToken cancellationToken)
    {
        string action = $"mount it at {(path is null ? "a new folder" : $"'{path}'")}";
        if (!await ShouldProcessAsync(SnapshotOf(address, client), action, snapshot.Source, client, () => CheckAsync(address, client, path, cancellationToken), cancellationToken))
        {
            return;
        }

        var request = new SnapshotMountRequest
        {
            Snapshot = address,
            Path = path,
            ReadOnly = ReadOnly,
            Options = MountOptionWords.Of(Option),
            Force = Force,
        };
        await StartAsync(snapshot.Source, client, token => SnapshotMounting.RunAsync(client, request, token), WriteObject, cancellationToken);
    }

    private async Task CheckAsync(SnapshotAddress address, NamespaceClient client, string? path, CancellationToken cancellationToken)
    {
        MountFolder.Check(path, Force);
        await client.Snapshots.GetAsync(address.Snapshotter, address.Key, cancellationToken);
    }
}
