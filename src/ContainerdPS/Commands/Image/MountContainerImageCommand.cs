using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Mounts;
using ContainerdPS.Oci.Image;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Mount-ContainerImage: mounts the files of images at folders of this machine, to be read, or to be written to in a copy that goes with the mount.</para>
/// </summary>
[Cmdlet(VerbsData.Mount, "ContainerImage", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImageMountPoint))]
public sealed class MountContainerImageCommand : ImageArgumentCmdlet
{
    private readonly MountsAtPath atPath = new();

    /// <summary>
    /// <para>The folder; it is made where it is missing, and then goes with the mount. Left out, a new folder among the temporary ones. A script block gets the piped image as $_ and gives each its own.</para>
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// <para>Mounts it to be written to. The image stays as it is, and what is written goes with the mount.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter ReadWrite { get; set; }

    /// <summary>
    /// <para>The platform wanted of an image for several, such as linux/arm64. Default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    /// <summary>
    /// <para>The snapshotter to mount from. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Does not unpack what is not unpacked for the snapshotter: that is an error then.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoUnpack { get; set; }

    /// <summary>
    /// <para>Further mount options, such as noexec. They come after nosuid and nodev, which are set by themselves: suid and dev lift those.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Option { get; set; } = [];

    /// <summary>
    /// <para>Mounts over what the folder holds.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string ArgumentName => nameof(Path);

    private protected override bool IsArgumentRequired => false;

    private protected override async Task ProcessImageAsync(ContainerImageReference image, NamespaceClient client, CancellationToken cancellationToken)
    {
        string? given = Argument is null ? Path : PipedOperands.Only(Argument, ArgumentName).Name;
        string? path = given is null ? null : ShellPath.File(this, given);
        if (path is null)
        {
            await MountAsync(image, client, null, cancellationToken);
        }
        else
        {
            atPath.Add(Of(image, client), path, () => MountAsync(image, client, path, cancellationToken));
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) =>
        atPath.MountAsync((path, refusal) => WriteError(ErrorRecords.From(refusal, path, null)));

    private async Task MountAsync(ContainerImageReference image, NamespaceClient client, string? path, CancellationToken cancellationToken)
    {
        string action = $"mount it at {(path is null ? "a new folder" : $"'{path}'")}{(ReadWrite ? " to be written to" : string.Empty)}";
        if (!await ShouldProcessAsync(Of(image, client), action, image.Source, client, () => CheckAsync(image, client, path, cancellationToken), cancellationToken))
        {
            return;
        }

        await StartAsync(
            image.Source,
            client,
            token =>
            {
                var request = new ImageMountRequest
                {
                    Image = image.Name,
                    Platform = Platform is null ? null : Platforms.Parse(Platform),
                    Snapshotter = Snapshotter,
                    NoUnpack = NoUnpack,
                    Path = path,
                    ReadOnly = !ReadWrite,
                    Options = MountOptionWords.Of(Option),
                    Force = Force,
                };
                return ImageMounting.RunAsync(client, request, token);
            },
            WriteObject,
            cancellationToken);
    }

    private async Task CheckAsync(ContainerImageReference image, NamespaceClient client, string? path, CancellationToken cancellationToken)
    {
        MountFolder.Check(path, Force);
        await ImageLookup.GetAsync(client, image.Name, cancellationToken);
    }
}
