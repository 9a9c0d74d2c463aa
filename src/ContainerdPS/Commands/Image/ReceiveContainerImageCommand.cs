using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images.Pull;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Receive-ContainerImage: receives (pulls) images from registries and unpacks them.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Receive, "ContainerImage", DefaultParameterSetName = "Platform", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ReceiveContainerImageCommand : RegistryCmdlet
{
    /// <summary>
    /// <para>The images, by name as people write it (alpine, ghcr.io/owner/name:tag, name@sha256:...), or as objects to receive anew.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>The platforms to receive and unpack, such as linux/arm64. Default: the best one for this machine.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Platform")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AnyPlatformCompleter))]
    public string[]? Platform { get; set; }

    /// <summary>
    /// <para>Receives every platform of the image, and unpacks the one for this machine.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "AllPlatforms")]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>
    /// <para>Labels of the image's record: @{ key = 'value' } or texts 'key=value'.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The snapshotter to unpack for. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Leaves the layers packed; New-Container unpacks them when it needs them.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoUnpack { get; set; }

    /// <summary>
    /// <para>How many layers are received at once, of all images together; the daemon's own way has the daemon's own limit. Default: 3.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConcurrentDownloads { get; set; } = 3;

    private protected override int Concurrent => MaxConcurrentDownloads;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference image in Image)
        {
            foreach (NamespaceClient client in ClientsOf(image))
            {
                PullRequest? request = null;
                if (!await TryAsync(image.Source, client, () => Task.FromResult(request = Request(image)), cancellationToken)
                    || !ShouldProcess($"image '{request!.Name}' into namespace '{client.Namespace}'", "receive it"))
                {
                    continue;
                }

                await StartShownAsync(
                    request.Name,
                    "Receiving",
                    image.Source,
                    client,
                    (work, progress, token) => ImagePull.RunAsync(client, request, work, progress, token),
                    WriteObject,
                    cancellationToken);
            }
        }
    }

    private PullRequest Request(ContainerImageReference image)
    {
        var labels = Label?.ToDictionary(static label => label.Key, static label => label.Value!, StringComparer.Ordinal) ?? [];
        foreach ((string key, string value) in labels)
        {
            Identifiers.ValidateLabel(key, value);
        }

        return new PullRequest
        {
            Reference = ImageReference.Parse(image.Name),
            Platforms = Platform?.Select(Platforms.Parse).Distinct().ToArray() ?? [],
            AllPlatforms = AllPlatforms,
            Labels = labels,
            Snapshotter = Snapshotter,
            NoUnpack = NoUnpack,
            LocalReason = LocalReason(nameof(MaxConcurrentDownloads)),
            Notice = Warn,
        };
    }
}
