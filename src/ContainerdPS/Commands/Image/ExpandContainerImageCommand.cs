using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Expand-ContainerImage: unpacks the layers of images for a snapshotter, so that containers can be made from them at once.</para>
/// </summary>
[Cmdlet(VerbsData.Expand, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ExpandContainerImageCommand : ImageOperandCmdlet
{
    private readonly ImageSurveys surveys = new();

    /// <summary>
    /// <para>The snapshotter to unpack for. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>The platform to unpack of an image for several, such as linux/arm64. Default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>
    /// <para>Gives the unpacked images.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        if (await ShouldChangeAsync(image, client, $"unpack it{(Snapshotter is null ? string.Empty : $" for the snapshotter '{Snapshotter}'")}", cancellationToken))
        {
            await StartAsync(image.Source, client, token => ExpandAsync(image, client, token), WriteWhereGiven, cancellationToken);
        }
    }

    private async Task<ContainerImage?> ExpandAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
        Wire.ImagesV1.Image found = await ImageLookup.GetAsync(client, image.Name, cancellationToken).ConfigureAwait(false);
        await ImageExpansion.RunAsync(client, found, platform, Snapshotter, cancellationToken).ConfigureAwait(false);
        return PassThru ? await surveys.Of(client).ReadAsync(found, cancellationToken).ConfigureAwait(false) : null;
    }
}
