using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Expand-ContainerSnapshot: unpacks layers onto active snapshots: what they add and change is written, what they delete goes.</para>
/// </summary>
[Cmdlet(VerbsData.Expand, "ContainerSnapshot", DefaultParameterSetName = "Snapshot", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSnapshot))]
public sealed class ExpandContainerSnapshotCommand : SnapshotArgumentCmdlet
{
    /// <summary>
    /// <para>The blobs of the layers, lowest first: by digest (the beginning of it will do), or as objects from Get-ContainerdContent or Import-ContainerdContent. Plain, gzip and zstd are told apart by themselves.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Snapshot")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContentCompleter))]
    public ContainerdContentReference[] Layer { get; set; } = [];

    /// <summary>
    /// <para>Also writes to the root filesystem of a container with a task, and to what is mounted.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Gives the snapshots.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string ArgumentName => nameof(Layer);

    private protected override async Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        ContainerdContentReference[] layers = Argument is null ? Layer : [.. Argument.Select(static given => new ContainerdContentReference(PipedOperands.Text(given)))];
        if (!await ShouldChangeAsync(snapshot, address, client, $"unpack {(layers is [var only] ? $"the layer {only.Digest}" : $"{layers.Length} layers")} onto it", cancellationToken))
        {
            return;
        }

        await StartAsync(
            snapshot.Source,
            client,
            async token =>
            {
                await SnapshotExpansion.RunAsync(client, address, layers, Force, token).ConfigureAwait(false);
                return PassThru ? await SnapshotQuery.ReadOneAsync(client, address, token).ConfigureAwait(false) : null;
            },
            changed =>
            {
                if (changed is not null)
                {
                    WriteObject(changed);
                }
            },
            cancellationToken);
    }
}
