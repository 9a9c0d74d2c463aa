using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Compare-ContainerSnapshot: compares the files of snapshots with those of their parents, or of another snapshot: what was added, changed and removed.</para>
/// </summary>
[Cmdlet(VerbsData.Compare, "ContainerSnapshot", DefaultParameterSetName = "Snapshot")]
[OutputType(typeof(ContainerSnapshotFileChange))]
public sealed class CompareContainerSnapshotCommand : SnapshotArgumentCmdlet
{
    /// <summary>
    /// <para>The snapshot to compare with, by key or as an object: what it does not have was added. Left out, the parent of each.</para>
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public ContainerSnapshotReference? Reference { get; set; }

    /// <summary>
    /// <para>The changes wanted. Left out, all are given.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ContainerFileChangeKind[]? Change { get; set; }

    /// <summary>
    /// <para>The paths wanted; wildcards are allowed, and * also stands for slashes. Left out, all are given.</para>
    /// </summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    private protected override string ArgumentName => nameof(Reference);

    private protected override bool IsArgumentRequired => false;

    private protected override Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        ContainerSnapshotReference? with = Argument is null ? Reference : PipedOperands.Only(Argument, ArgumentName);
        var wanted = new FileChangeFilter(Change, Path);
        return StartAsync(
            snapshot.Source,
            client,
            async token =>
            {
                SnapshotAddress? reference = with is null ? null : await ReferenceAsync(with, address, client, token).ConfigureAwait(false);
                return await SnapshotComparison.RunAsync(client, reference, address, token).ConfigureAwait(false);
            },
            changes => wanted.Of(changes).ForEach(WriteObject),
            cancellationToken);
    }

    private async Task<SnapshotAddress> ReferenceAsync(ContainerSnapshotReference reference, SnapshotAddress snapshot, NamespaceClient client, CancellationToken cancellationToken)
    {
        if ((reference.Session is { } session && session.Address != client.Session.Address) || (reference.Namespace is { } other && other != client.Namespace))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The snapshot '{reference}' of the namespace '{reference.Namespace}' on '{reference.Session?.Address}' cannot be compared with one of the namespace '{client.Namespace}' on '{client.Session.Address}': a daemon compares what is in one of its namespaces.")
            {
                Reason = "OtherNamespace",
                ObjectKind = ObjectKinds.Snapshot,
                ObjectId = reference.ToString(),
            };
        }

        return reference.Snapshotter is null
            ? snapshot with { Key = await SnapshotKeys.OfAsync(reference, snapshot.Snapshotter, client, cancellationToken).ConfigureAwait(false) }
            : await AddressAsync(reference, client, cancellationToken).ConfigureAwait(false);
    }
}
