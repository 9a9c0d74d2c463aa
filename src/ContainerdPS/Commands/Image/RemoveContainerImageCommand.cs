using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Remove-ContainerImage: removes images by name. What no other image or container needs is collected.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerImageCommand : NamespaceCmdlet
{
    private (NamespaceClient Client, ContainerImageReference Image)? pending;

    /// <summary>
    /// <para>The images, by name, full or short, or as objects from Get-ContainerImage.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>Does not wait until the daemon has collected what is no longer needed.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference image in Image)
        {
            foreach (NamespaceClient client in ClientsOf(image))
            {
                if (ShouldProcess($"image '{image.Name}' in namespace '{client.Namespace}'", "remove it"))
                {
                    await RemovePendingAsync(last: false, cancellationToken);
                    pending = (client, image);
                }
            }
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) => RemovePendingAsync(last: true, cancellationToken);

    /// <summary>Each is removed when the next one comes, so that only the last waits for a collection.</summary>
    private async Task RemovePendingAsync(bool last, CancellationToken cancellationToken)
    {
        if (pending is not { } next)
        {
            return;
        }

        pending = null;
        await TryAsync(
            next.Image.Source,
            next.Client,
            async () =>
            {
                Wire.ImagesV1.Image found = await ImageLookup.GetAsync(next.Client, next.Image.Name, cancellationToken);
                await next.Client.Images.DeleteAsync(found.Name, last && !NoWait, cancellationToken);
            },
            cancellationToken);
    }
}
