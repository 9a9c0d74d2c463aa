using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on snapshots given by key or piped as objects, several at a time.</summary>
public abstract class SnapshotOperandCmdlet : NamespaceCmdlet
{
    private readonly SnapshotterDefaults defaults = new();

    /// <summary>
    /// <para>The snapshots, by key or as objects from Get-ContainerSnapshot; of a container, the one that is its root filesystem; of an image, its top layer.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public virtual ContainerSnapshotReference[] Snapshot { get; set; } = [];

    /// <summary>
    /// <para>The snapshotter that keeps them. Left out, a piped object's own, else the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>How many snapshots are worked on at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerSnapshotReference snapshot in Operands())
        {
            foreach (NamespaceClient client in ClientsOf(snapshot))
            {
                SnapshotAddress address;
                try
                {
                    address = await AddressAsync(snapshot, client, cancellationToken);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    // In its turn, after what was begun before.
                    ErrorRecord record = await RecordAsync(e, snapshot.Source, client, cancellationToken);
                    await StartAsync(_ => Task.FromResult<Action?>(() => WriteError(record)), cancellationToken);
                    continue;
                }

                await ProcessSnapshotAsync(snapshot, address, client, cancellationToken);
            }
        }
    }

    /// <summary>The snapshots to work on.</summary>
    private protected virtual ContainerSnapshotReference[] Operands() => Snapshot;

    /// <summary>What a confirmation calls the snapshot.</summary>
    private protected static string SnapshotOf(SnapshotAddress address, NamespaceClient client) =>
        $"snapshot '{address.Key}' of '{address.Snapshotter}' in namespace '{client.Namespace}'";

    /// <summary>Asks whether to, and with -WhatIf whether it is there.</summary>
    private protected Task<bool> ShouldChangeAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, string action, CancellationToken cancellationToken) => ShouldProcessAsync(
            SnapshotOf(address, client), action, snapshot.Source, client, () => client.Snapshots.GetAsync(address.Snapshotter, address.Key, cancellationToken), cancellationToken);

    /// <summary>Works on one snapshot; what takes time is started with StartAsync.</summary>
    private protected abstract Task ProcessSnapshotAsync(
        ContainerSnapshotReference snapshot, SnapshotAddress address, NamespaceClient client, CancellationToken cancellationToken);

    /// <summary>The snapshot a reference means.</summary>
    private protected async Task<SnapshotAddress> AddressAsync(ContainerSnapshotReference snapshot, NamespaceClient client, CancellationToken cancellationToken)
    {
        string snapshotter = Snapshotter ?? snapshot.Snapshotter ?? await defaults.OfAsync(client, cancellationToken);
        return new SnapshotAddress(snapshotter, await SnapshotKeys.OfAsync(snapshot, snapshotter, client, cancellationToken));
    }
}
