using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Add-ContainerImageTag: gives an image further names.</para>
/// </summary>
[Cmdlet(VerbsCommon.Add, "ContainerImageTag", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class AddContainerImageTagCommand : ImageArgumentCmdlet
{
    private readonly ImageSurveys surveys = new();
    private readonly HashSet<(ContainerdSession Session, string Namespace, string Name)> given = [];

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public override ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>The new names, full or short, or a tag alone after a colon (:1.0) for one in the image's own repository. A script block gets the piped image: { $_.Name -replace '^docker.io', 'registry.example' }.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [Alias("NewName")]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>
    /// <para>Labels of the new names, besides those of the image: @{ team = 'web' } or texts 'team=web'. An empty value leaves one of the image's out.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>Takes a name from the image that has it.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Gives the images of the new names.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string ArgumentName => nameof(Tag);

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        foreach (string tag in Argument?.Select(static one => one.Name) ?? Tag)
        {
            // Of two that would have one name, the first gets it.
            if (!given.Add((client.Session, client.Namespace, tag.StartsWith(':') ? image.Name + tag : tag)))
            {
                await FinishPiecesAsync();
            }

            if (await ShouldProcessAsync(Of(image, client), $"add the name '{tag}'", tag, client, () => CheckAsync(image, tag, client, cancellationToken), cancellationToken))
            {
                await StartAsync(tag, client, token => AddAsync(image, tag, client, token), WriteWhereGiven, cancellationToken);
            }
        }
    }

    private async Task<ContainerImage?> AddAsync(ContainerImageReference image, string tag, NamespaceClient client, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> labels = Identifiers.ValidatedLabels(Label);
        Wire.ImagesV1.Image found = await FindAsync(image, client, cancellationToken).ConfigureAwait(false);
        Wire.ImagesV1.Image added = await ImageChange.AddNameAsync(
            client, found, ImageChange.FullName(found.Name, tag), labels, Force, cancellationToken).ConfigureAwait(false);
        return PassThru ? await surveys.Of(client).ReadAsync(added, cancellationToken).ConfigureAwait(false) : null;
    }

    private async Task CheckAsync(ContainerImageReference image, string tag, NamespaceClient client, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image found = await FindAsync(image, client, cancellationToken).ConfigureAwait(false);
        string name = ImageChange.FullName(found.Name, tag);
        DigestName.Require(name, found.Target.Digest);
        await ImageChange.RefuseTakenAsync(client, name, found.Target.Digest, Force, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The image, which an object has to be still.</summary>
    private static async Task<Wire.ImagesV1.Image> FindAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image found = await ImageLookup.GetAsync(client, image.Name, cancellationToken).ConfigureAwait(false);
        return image.Source is not ContainerImage read || read.Digest == found.Target.Digest ? found : throw new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            $"The image '{found.Name}' is not what it was when it was read: then it was {read.Digest}, and now it is {found.Target.Digest}. Read it again with Get-ContainerImage, or name it.") { Reason = "ImageChanged", ObjectKind = ObjectKinds.Image, ObjectId = found.Name };
    }
}
