using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerImage: removes images by name, those no container was made from, or content that nothing refers to. What no other image or container needs is collected.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = "Image", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
[OutputType(typeof(ContainerImageRemoval))]
public sealed class RemoveContainerImageCommand : NamespaceCmdlet
{
    private readonly Dictionary<(ContainerdSession Session, string Namespace), ImageRemoval> removals = [];
    private readonly Dictionary<ContainerdSession, GoneBlobs> gone = [];

    /// <summary>The last image of each daemon, in the order the daemons came.</summary>
    private readonly List<Pending> pending = [];

    /// <summary>
    /// <para>The images, by name, full or short, or as objects from Get-ContainerImage.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>Removes all images no container was made from, by this or another name of the same digest. Images that Kubernetes has pinned stay.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Unused")]
    public SwitchParameter Unused { get; set; }

    /// <summary>
    /// <para>Has the daemon collect, now, blobs and snapshots that no image, container, lease or label refers to.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "Unreferenced")]
    public SwitchParameter Unreferenced { get; set; }

    /// <summary>
    /// <para>Removes images although containers were made from them, and with -Unused also pinned ones.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    [Parameter(ParameterSetName = "Unused")]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Does not wait until the daemon has collected what is no longer needed.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    [Parameter(ParameterSetName = "Unused")]
    public SwitchParameter NoWait { get; set; }

    /// <summary>
    /// <para>Gives an object for each removed image, with what its removal frees.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether somebody looks at what is freed: finding that out takes more than the removal.</summary>
    private bool TellsFreed => PassThru || IsWhatIf || IsOn("Confirm", null);

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference image in Image)
        {
            foreach (NamespaceClient client in ClientsOf(image))
            {
                await RemoveNamedAsync(Removal(client), image, cancellationToken);
            }
        }

        foreach (NamespaceClient client in Unused || Unreferenced ? Clients : [])
        {
            await TryAsync(
                client.Namespace,
                client,
                () => Unused ? RemoveUnusedAsync(Removal(client), cancellationToken) : CollectAsync(Removal(client), cancellationToken),
                cancellationToken);
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (Pending one in pending)
        {
            await RemovePendingAsync(one, last: true, cancellationToken);
        }
    }

    private Task<bool> RemoveNamedAsync(ImageRemoval removal, ContainerImageReference image, CancellationToken cancellationToken) => TryAsync(
        image.Source,
        removal.Client,
        async () => await RemoveAsync(removal, await removal.FindAsync(image.Name, Force, cancellationToken), image.Source, cancellationToken),
        cancellationToken);

    private async Task RemoveUnusedAsync(ImageRemoval removal, CancellationToken cancellationToken)
    {
        foreach (Wire.ImagesV1.Image image in await removal.UnusedAsync(Force, cancellationToken))
        {
            await RemoveAsync(removal, image, image.Name, cancellationToken);
        }
    }

    private async Task RemoveAsync(ImageRemoval removal, Wire.ImagesV1.Image image, object target, CancellationToken cancellationToken)
    {
        ContainerImageRemoval? freed = TellsFreed ? await removal.FreesAsync(image, cancellationToken) : null;
        if (ShouldProcess($"image '{image.Name}' in namespace '{removal.Client.Namespace}'", freed is null ? "remove it" : $"remove it, which frees {Words(freed)}"))
        {
            // Each is removed when the next one of its daemon comes, so that only the last waits for a collection.
            if (pending.Find(one => one.Removal.Client.Session == removal.Client.Session) is { } before)
            {
                pending.Remove(before);
                await RemovePendingAsync(before, last: false, cancellationToken);
            }

            pending.Add(new Pending(removal, image, target, freed));
        }
        else if (freed is not null && !IsWhatIf)
        {
            removal.Keep(image);
        }
    }

    private async Task CollectAsync(ImageRemoval removal, CancellationToken cancellationToken)
    {
        ContainerImageRemoval freed = await removal.UnreferencedAsync(cancellationToken);
        if (ShouldProcess($"what nothing refers to in namespace '{removal.Client.Namespace}'", $"collect it, which frees {Words(freed)}"))
        {
            await LeaseScope.CollectAsync(removal.Client, cancellationToken);
            if (PassThru)
            {
                WriteObject(freed);
            }
        }
    }

    private async Task RemovePendingAsync(Pending next, bool last, CancellationToken cancellationToken)
    {
        bool removed = await TryAsync(
            next.Target,
            next.Removal.Client,
            () => next.Removal.RemoveAsync(next.Image, last && !NoWait, cancellationToken),
            cancellationToken);
        if (removed && PassThru)
        {
            WriteObject(next.Freed);
        }
    }

    private ImageRemoval Removal(NamespaceClient client)
    {
        if (!removals.TryGetValue((client.Session, client.Namespace), out ImageRemoval? removal))
        {
            if (!gone.TryGetValue(client.Session, out GoneBlobs? blobs))
            {
                gone.Add(client.Session, blobs = new GoneBlobs());
            }

            removal = new ImageRemoval(client, blobs);
            removals.Add((client.Session, client.Namespace), removal);
        }

        return removal;
    }

    private static string Words(ContainerImageRemoval freed) =>
        $"{Formatting.Size(freed.Freed)} ({Count(freed.Blobs, "blob")}, {Formatting.Size(freed.FreedContent)}; {Count(freed.Snapshots, "snapshot")}, {Formatting.Size(freed.FreedSnapshots)})";

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? string.Empty : "s")}";

    private sealed record Pending(ImageRemoval Removal, Wire.ImagesV1.Image Image, object Target, ContainerImageRemoval? Freed);
}
