using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The base of cmdlets that work on images given by name or piped as objects, several at a time.</summary>
public abstract class ImageOperandCmdlet : NamespaceCmdlet
{
    /// <summary>
    /// <para>The images, by name, full or short (busybox), or as objects from Get-ContainerImage.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public virtual ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>How many images are worked on at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected sealed override int MaxInFlight => ThrottleLimit;

    private protected sealed override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference reference in Operands())
        {
            foreach (NamespaceClient client in ClientsOf(reference))
            {
                await ProcessImageAsync(reference, client, cancellationToken);
            }
        }
    }

    /// <summary>The images to work on.</summary>
    private protected virtual ContainerImageReference[] Operands() => Image;

    /// <summary>Works on one image; what takes time is started with StartAsync.</summary>
    private protected abstract Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken);

    /// <summary>Asks whether to, and with -WhatIf whether the image is there.</summary>
    private protected Task<bool> ShouldChangeAsync(ContainerImageReference image, NamespaceClient client, string action, CancellationToken cancellationToken) => ShouldProcessAsync(
        Of(image, client), action, image.Source, client, () => ImageLookup.GetAsync(client, image.Name, cancellationToken), cancellationToken);

    /// <summary>What a confirmation calls the image.</summary>
    private protected static string Of(ContainerImageReference image, NamespaceClient client) => $"image '{image.Name}' in namespace '{client.Namespace}'";
}
