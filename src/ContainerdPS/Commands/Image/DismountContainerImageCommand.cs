using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Mounts;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Dismount-ContainerImage: ends mounts of Mount-ContainerImage, of this shell or another, and removes the snapshots that were made for them.</para>
/// </summary>
[Cmdlet(VerbsData.Dismount, "ContainerImage", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DismountContainerImageCommand : DismountCmdlet
{
    /// <summary>
    /// <para>The images, by name or as objects, whose mounts are all ended; a mount point ends that mount alone. Text that begins as a path does (/ . ~) is taken for the folder.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    private protected override async Task DismountObjectsAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference image in Image)
        {
            if (image.Source is string { Length: > 0 } text && text[0] is '/' or '.' or '~')
            {
                // No image has such a name.
                await DismountPathAsync(image.Name, cancellationToken);
                continue;
            }

            foreach (NamespaceClient client in ClientsOf(image))
            {
                await TryAsync(image.Source, client, () => DismountAsync(image, client, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task DismountAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        // By its name alone: the image may be gone.
        string full = ImageReference.TryParse(image.Name, out ImageReference? reference) && reference is not null ? reference.ToString() : image.Name;
        MountRecord[] records =
        [
            .. MountRecords.All().Where(record => record.Image is { } mounted && (mounted == image.Name || mounted == full)
                && record.Address == client.Session.Address && record.Namespace == client.Namespace
                && (image.Source is not ContainerImageMountPoint point || record.Path == point.Path)),
        ];
        if (records.Length == 0)
        {
            throw new ContainerdException(
                ContainerdErrorCode.NotFound,
                $"The image '{full}' of the namespace '{client.Namespace}' is not mounted by Mount-ContainerImage on this machine.")
            {
                Reason = "ImageNotMounted",
                ObjectKind = ObjectKinds.Image,
                ObjectId = full,
            };
        }

        foreach (MountRecord record in records)
        {
            await DismountAsync(record, client, image.Source, cancellationToken);
        }
    }
}
