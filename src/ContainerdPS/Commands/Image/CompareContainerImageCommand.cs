using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images.Compare;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Compare-ContainerImage: compares images with another: their configurations field by field, layers, platforms and sizes, or their files.</para>
/// </summary>
[Cmdlet(VerbsData.Compare, "ContainerImage", DefaultParameterSetName = "Image")]
[OutputType(typeof(ContainerImageDifference), ParameterSetName = ["Image", "InputObject"])]
[OutputType(typeof(ContainerImageFileChange), ParameterSetName = ["File", "InputObjectFile"])]
public sealed class CompareContainerImageCommand : ImageArgumentCmdlet
{
    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "File", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObjectFile", DontShow = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public override ContainerImageReference[] Image { get; set; } = [];

    /// <inheritdoc/>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = "InputObjectFile", ValueFromPipeline = true)]
    [ValidateNotNull]
    public override ContainerImageReference[]? InputObject { get; set; }

    /// <summary>
    /// <para>The image to compare with, by name or as an object: what it does not have was added. One that is piped from another daemon or namespace may be given.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "File")]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [Parameter(Position = 1, ParameterSetName = "InputObjectFile")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Reference { get; set; }

    /// <summary>
    /// <para>The parts wanted. Left out, all are compared.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    public ContainerImagePart[]? Part { get; set; }

    /// <summary>
    /// <para>Also gives what is the same in both, such as the layers they share.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    [Parameter(ParameterSetName = "InputObject")]
    public SwitchParameter IncludeSame { get; set; }

    /// <summary>
    /// <para>Compares the files of the two. Images that are not unpacked for the snapshotter are unpacked.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    [Parameter(Mandatory = true, ParameterSetName = "InputObjectFile")]
    public SwitchParameter File { get; set; }

    /// <summary>
    /// <para>The changes wanted of the files. Left out, all are given.</para>
    /// </summary>
    [Parameter(ParameterSetName = "File")]
    [Parameter(ParameterSetName = "InputObjectFile")]
    [ValidateNotNullOrEmpty]
    public ContainerFileChangeKind[]? Change { get; set; }

    /// <summary>
    /// <para>The paths wanted; wildcards are allowed, and * also stands for slashes. Left out, all are given.</para>
    /// </summary>
    [Parameter(ParameterSetName = "File")]
    [Parameter(ParameterSetName = "InputObjectFile")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>
    /// <para>The platform wanted of images for several, such as linux/arm64. Default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>
    /// <para>The snapshotter whose unpacked layers are measured or compared. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    private protected override string ArgumentName => nameof(Reference);

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        ContainerImageReference with = Argument is null ? Reference! : PipedOperands.Only(Argument, ArgumentName);
        NamespaceClient other = with.Session is { } session ? Client(session, with.Namespace) : client;
        if (File)
        {
            var wanted = new FileChangeFilter(Change, Path);
            await StartAsync(image.Source, client, token => FilesAsync(image, client, with, other, token), changes => wanted.Of(changes).ForEach(WriteObject), cancellationToken);
            return;
        }

        await StartAsync(
            image.Source,
            client,
            async token =>
            {
                OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
                ComparedImage reference = await ComparedImage.ReadAsync(other, with.Name, platform, Snapshotter, token).ConfigureAwait(false);
                return ImageComparison.Compare(await ComparedImage.ReadAsync(client, image.Name, platform, Snapshotter, token).ConfigureAwait(false), reference).Where(IsWanted).ToList();
            },
            rows => rows.ForEach(WriteObject),
            cancellationToken);
    }

    private bool IsWanted(ContainerImageDifference row) =>
        (IncludeSame || row.Change != ContainerImageDifferenceKind.Same) && (Part is null || Part.Contains(row.Part));

    private async Task<IReadOnlyList<ContainerImageFileChange>> FilesAsync(ContainerImageReference image, NamespaceClient client, ContainerImageReference with, NamespaceClient other, CancellationToken cancellationToken)
    {
        if (other.Session.Address != client.Session.Address || other.Namespace != client.Namespace)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The files of '{with.Name}' of the namespace '{other.Namespace}' on '{other.Session.Address}' cannot be compared with those of an image of the namespace '{client.Namespace}' on '{client.Session.Address}': a daemon compares what is in one of its namespaces. Without -File they can be compared.")
            {
                Reason = "OtherNamespace",
                ObjectKind = ObjectKinds.Image,
                ObjectId = with.Name,
            };
        }

        OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
        return await ImageFileComparison.RunAsync(client, image.Name, with.Name, platform, Snapshotter, cancellationToken).ConfigureAwait(false);
    }
}
