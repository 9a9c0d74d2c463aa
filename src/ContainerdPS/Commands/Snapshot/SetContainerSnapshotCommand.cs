using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Set-ContainerSnapshot: sets labels of snapshots and leaves their other labels alone.</para>
/// </summary>
[Cmdlet(VerbsCommon.Set, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSnapshot))]
public sealed class SetContainerSnapshotCommand : SnapshotArgumentCmdlet
{
    /// <summary>
    /// <para>The labels: @{ team = 'a' }, or texts 'team=a'. An empty value removes its label. Key and value together have at most 4096 bytes.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Snapshot")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?> Label { get; set; } = [];

    /// <summary>
    /// <para>Gives the changed snapshots.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string ArgumentName => nameof(Label);

    private protected override async Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> labels = Argument is null ? Label : PipedOperands.Labels(Argument);
        if (await ShouldChangeAsync(snapshot, address, client, LabelWords.Setting(labels), cancellationToken))
        {
            await StartAsync(snapshot.Source, client, token => SetAsync(address, labels, client, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<ContainerSnapshot?> SetAsync(SnapshotAddress address, Dictionary<string, string?> labels, NamespaceClient client, CancellationToken cancellationToken)
    {
        await client.Snapshots.SetLabelsAsync(address.Snapshotter, address.Key, Identifiers.ValidatedLabels(labels), cancellationToken).ConfigureAwait(false);
        return PassThru ? await SnapshotQuery.ReadOneAsync(client, address, cancellationToken).ConfigureAwait(false) : null;
    }
}
