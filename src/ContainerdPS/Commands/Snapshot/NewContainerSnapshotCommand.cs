using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>New-ContainerSnapshot: makes a snapshot on top of another, of an image, or of nothing: to write to, or a view to read.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "ContainerSnapshot", DefaultParameterSetName = "Parent", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerSnapshot))]
public sealed class NewContainerSnapshotCommand : NamespaceCmdlet
{
    private readonly SnapshotterDefaults defaults = new();

    /// <summary>
    /// <para>The keys of the new snapshots.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Key { get; set; } = [];

    /// <summary>
    /// <para>The committed snapshot they lie on, by key or as an object; of an image, its top layer, and the image is unpacked where it is not. Left out, they begin empty.</para>
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = "Parent", ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public ContainerSnapshotReference? Parent { get; set; }

    /// <summary>
    /// <para>The image whose files they begin with, by name or as an object; it is unpacked where it is not.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Image")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Image { get; set; }

    /// <summary>
    /// <para>Makes views, which can only be read.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter View { get; set; }

    /// <summary>
    /// <para>The snapshotter. Left out, the parent's own where it is an object, else the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Labels: @{ team = 'a' } or texts 'team=a'.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The lease to make them under, by id or as an object: they stay while the lease does. Left out, the label containerd.io/gc.root makes them stay until they are removed.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LeaseCompleter))]
    public ContainerdLeaseReference? Lease { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (NamespaceClient client in ClientsOf((ContainerdReference?)Parent ?? (ContainerdReference?)Image ?? Lease))
        {
            foreach (string key in Key)
            {
                await TryAsync(key, client, () => MakeAsync(client, key, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task MakeAsync(NamespaceClient client, string key, CancellationToken cancellationToken)
    {
        string snapshotter = Snapshotter ?? Parent?.Snapshotter ?? await defaults.OfAsync(client, cancellationToken);
        string? image = Image?.Name ?? (Parent?.Source as ContainerImage)?.Name;
        string on = image is not null ? $" on the image '{image}'" : Parent is not null ? $" on '{Parent.Key}'" : string.Empty;
        var request = new SnapshotRequest
        {
            Snapshot = new SnapshotAddress(snapshotter, key),
            Parent = Parent?.Key ?? string.Empty,
            Image = image,
            View = View,
            Labels = Identifiers.ValidatedLabels(Label),
        };
        NamespaceClient keeper = Lease is null ? client : client.WithLease(Lease.Id);
        if (await ShouldProcessAsync(
            $"snapshot '{key}' of '{snapshotter}' in namespace '{client.Namespace}'",
            $"make {(View ? "a view" : "it")}{on}",
            key,
            client,
            () => SnapshotCreation.CheckAsync(keeper, request, cancellationToken),
            cancellationToken))
        {
            WriteObject(await SnapshotCreation.RunAsync(keeper, request, cancellationToken));
        }
    }
}
