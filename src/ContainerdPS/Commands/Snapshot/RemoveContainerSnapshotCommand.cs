using System.Management.Automation;
using ContainerdPS.References;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerSnapshot: removes snapshots. One that an image, a container, a lease, a mount or another snapshot needs is refused, and the error says who.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerSnapshotCommand : SnapshotOperandCmdlet
{
    private readonly RemovalGuards guards = new();
    private readonly Dictionary<RemovalGuard, SnapshotRemoval> removals = [];

    /// <summary>
    /// <para>Removes what lies on the snapshots too, from the top down.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>
    /// <para>Removes them although an image, a lease or a container without a task needs them. The image is unpacked again when it is used; the container has lost its files.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    // Whether one may go depends on what has gone before it.
    private protected override int MaxInFlight => 1;

    private protected override async Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken)
    {
        RemovalGuard guard = guards.Of(client);
        if (!removals.TryGetValue(guard, out SnapshotRemoval? removal))
        {
            removals[guard] = removal = new SnapshotRemoval(client, guard);
        }

        string action = $"remove it{(Recurse ? " and what lies on it" : string.Empty)}{(Force ? ", whoever needs it" : string.Empty)}";
        if (!await ShouldProcessAsync(SnapshotOf(address, client), action, snapshot.Source, client, () => removal.SupposeAsync(address, Recurse, Force, cancellationToken), cancellationToken))
        {
            return;
        }

        await StartAsync(
            snapshot.Source,
            client,
            async token =>
            {
                await removal.RunAsync(address, Recurse, Force, token).ConfigureAwait(false);
                return true;
            },
            static _ => { },
            cancellationToken);
    }
}
