using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Complete-ContainerSnapshot: commits an active snapshot: it cannot change any more, and others can be made on top of it.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ContainerSnapshot))]
public sealed class CompleteContainerSnapshotCommand : SnapshotArgumentCmdlet
{
    /// <summary>
    /// <para>The key of the committed snapshot. That of the active one is gone afterwards.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Snapshot")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// <para>Labels of the committed snapshot: @{ team = 'a' } or texts 'team=a'. Those of the active one do not pass on.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The lease to commit under, by id or as an object: the snapshot stays while the lease does. Left out, the label containerd.io/gc.root makes it stay until it is removed.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LeaseCompleter))]
    public ContainerdLeaseReference? Lease { get; set; }

    /// <summary>
    /// <para>Commits it although a container has it as its root filesystem, or it is mounted.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string ArgumentName => nameof(Name);

    private protected override async Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        string name = Argument is null ? Name : PipedOperands.OnlyText(Argument, ArgumentName);
        if (!await ShouldChangeAsync(snapshot, address, client, $"commit it as '{name}'", cancellationToken))
        {
            return;
        }

        await StartAsync(
            snapshot.Source,
            client,
            async token =>
            {
                IReadOnlyDictionary<string, string> labels = Identifiers.ValidatedLabels(Label);
                NamespaceClient keeper = Lease is null ? client : client.WithLease(Lease.Id);
                await keeper.RequireLeaseAsync(token).ConfigureAwait(false);
                return await SnapshotCompletion.RunAsync(keeper, address, name, labels, Force, token).ConfigureAwait(false);
            },
            WriteObject,
            cancellationToken);
    }
}
