using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Images.Export;
using ContainerdPS.Images.Push;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Send-ContainerImage: sends (pushes) images to registries.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Send, "ContainerImage", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageSendResult))]
public sealed class SendContainerImageCommand : RegistryCmdlet
{
    private readonly HashSet<string> destinations = new(StringComparer.Ordinal);

    /// <summary>
    /// <para>The images, by name, full or short, or as objects from Get-ContainerImage.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>The images, by name or as objects, as they are piped. What stands first on the command line is then the destination.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ContainerImageReference[]? InputObject { get; set; }

    /// <summary>
    /// <para>What the image is called in the registry, such as ghcr.io/owner/name:tag. Default: what it is called here. For piped images a script block makes it of each: { $_.Name -replace '^docker.io', 'registry.example' }.</para>
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string? Destination { get; set; }

    /// <summary>
    /// <para>The platforms to send, such as linux/arm64: one as its manifest, several in an index of these. Default: all that are whole here.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[]? Platform { get; set; }

    /// <summary>
    /// <para>Sends every platform the image lists; one whose content is not here is an error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>
    /// <para>How many layers are sent at once, of all images together; the daemon's own way has the daemon's own limit, so giving this sends from here. Default: 5.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConcurrentUploads { get; set; } = 5;

    private protected override int Concurrent => MaxConcurrentUploads;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        (ContainerImageReference[] images, ContainerImageReference[]? argument) = PipedOperands.Split(this, Image, InputObject, nameof(Destination), required: false);
        string? destination = argument is null ? Destination : PipedOperands.Only(argument, nameof(Destination)).Name;
        if (destination is not null && images.Select(static image => image.Name).Distinct().Skip(1).Any())
        {
            // Before any of them has taken the name.
            throw OneName(images, destination);
        }

        foreach (ContainerImageReference image in images)
        {
            foreach (NamespaceClient client in ClientsOf(image))
            {
                PushRequest? request = null;
                if (!await TryAsync(image.Source, client, async () => request = await RequestAsync(image, destination, client, cancellationToken), cancellationToken)
                    || !ShouldProcess($"image '{request!.Image.Name}' in namespace '{client.Namespace}'", $"send it to '{request.Name}'"))
                {
                    continue;
                }

                await StartShownAsync(
                    request.Name,
                    "Sending",
                    image.Source,
                    client,
                    (work, progress, token) => ImagePush.RunAsync(client, request, work, progress, token),
                    WriteObject,
                    cancellationToken);
            }
        }
    }

    private async Task<PushRequest> RequestAsync(ContainerImageReference image, string? destination, NamespaceClient client, CancellationToken cancellationToken)
    {
        var platforms = PlatformChoice.Of(Platform, AllPlatforms);
        ImageReference? given = destination is null ? null : ImageReference.Parse(destination);
        Wire.ImagesV1.Image record = await ImageLookup.GetAsync(client, image.Name, cancellationToken);
        ImageReference reference = given ?? ImageReference.Parse(record.Name);
        return destinations.Add(reference.ToString()) ? new PushRequest
        {
            Image = record,
            Reference = reference,
            Platforms = platforms,
            LocalReason = LocalReason(nameof(MaxConcurrentUploads)),
            Notice = Warn,
        }
        : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"'{record.Name}' cannot be sent to '{reference}': another image of this command goes there. Give each its own destination, with a script block: -Destination {{ $_.Name -replace ... }}.") { Reason = "AmbiguousName" };
    }

    private static ContainerdException OneName(ContainerImageReference[] images, string destination) => new(
        ContainerdErrorCode.InvalidArgument,
        $"'{string.Join("', '", images.AsEnumerable())}' cannot all be sent to '{destination}', and none was. Give each its own destination: pipe them, with a script block: -Destination {{ $_.Name -replace ... }}.") { Reason = "AmbiguousName" };
}
