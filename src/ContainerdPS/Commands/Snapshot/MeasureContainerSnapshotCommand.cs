using System.Management.Automation;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Measure-ContainerSnapshot: tells how much of the disk snapshots take.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "ContainerSnapshot")]
[OutputType(typeof(ContainerSnapshotUsage))]
public sealed class MeasureContainerSnapshotCommand : SnapshotOperandCmdlet
{
    /// <summary>
    /// <para>Adds up what each takes together with all it lies on.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeParent { get; set; }

    private protected override Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken) =>
        StartAsync(snapshot.Source, client, token => SnapshotMeasure.RunAsync(client, address, IncludeParent, token), WriteObject, cancellationToken);
}
