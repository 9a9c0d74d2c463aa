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
[OutputType(typeof(ContainerImageDifference), ParameterSetName = ["Image"])]
[OutputType(typeof(ContainerImageFileChange), ParameterSetName = ["File"])]
public sealed class CompareContainerImageCommand : ImageOperandCmdlet
{
    /// <summary>
    /// <para>The image to compare with, by name or as an object: what it does not have was added. One that is piped from another daemon or namespace may be given.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? Reference { get; set; }

    /// <summary>
    /// <para>The parts wanted. Left out, all are compared.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    [ValidateNotNullOrEmpty]
    public ContainerImagePart[]? Part { get; set; }

    /// <summary>
    /// <para>Also gives what is the same in both, such as the layers they share.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Image")]
    public SwitchParameter IncludeSame { get; set; }

    /// <summary>
    /// <para>Compares the files of the two. Images that are not unpacked for the snapshotter are unpacked.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "File")]
    public SwitchParameter File { get; set; }

    /// <summary>
    /// <para>The changes wanted of the files. Left out, all are given.</para>
    /// </summary>
    [Parameter(ParameterSetName = "File")]
    [ValidateNotNullOrEmpty]
    public ContainerFileChangeKind[]? Change { get; set; }

    /// <summary>
    /// <para>The paths wanted; wildcards are allowed, and * also stands for slashes. Left out, all are given.</para>
    /// </summary>
    [Parameter(ParameterSetName = "File")]
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

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        NamespaceClient other = Reference!.Session is { } session ? Client(session, Reference.Namespace) : client;
        if (File)
        {
            var wanted = new FileChangeFilter(Change, Path);
            await StartAsync(image.Source, client, token => FilesAsync(image, client, other, token), changes => wanted.Of(changes).ForEach(WriteObject), cancellationToken);
            return;
        }

        await StartAsync(
            image.Source,
            client,
            async token =>
            {
                OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
                ComparedImage reference = await ComparedImage.ReadAsync(other, Reference.Name, platform, Snapshotter, token).ConfigureAwait(false);
                return ImageComparison.Compare(await ComparedImage.ReadAsync(client, image.Name, platform, Snapshotter, token).ConfigureAwait(false), reference).Where(IsWanted).ToList();
            },
            rows => rows.ForEach(WriteObject),
            cancellationToken);
    }

    private bool IsWanted(ContainerImageDifference row) =>
        (IncludeSame || row.Change != ContainerImageDifferenceKind.Same) && (Part is null || Part.Contains(row.Part));

    private async Task<IReadOnlyList<ContainerImageFileChange>> FilesAsync(ContainerImageReference image, NamespaceClient client, NamespaceClient other, CancellationToken cancellationToken)
    {
        if (other.Session.Address != client.Session.Address || other.Namespace != client.Namespace)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The files of '{Reference!.Name}' of the namespace '{other.Namespace}' on '{other.Session.Address}' cannot be compared with those of an image of the namespace '{client.Namespace}' on '{client.Session.Address}': a daemon compares what is in one of its namespaces. Without -File they can be compared.")
            {
                Reason = "OtherNamespace",
                ObjectKind = ObjectKinds.Image,
                ObjectId = Reference.Name,
            };
        }

        OciPlatform? platform = Platform is null ? null : Platforms.Parse(Platform);
        return await ImageFileComparison.RunAsync(client, image.Name, Reference!.Name, platform, Snapshotter, cancellationToken).ConfigureAwait(false);
    }
}
