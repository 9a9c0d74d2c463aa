using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Images.Archives;
using ContainerdPS.Images.Archives.RootFileSystem;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Import-ContainerImage: imports images from archives, or makes an image of a root filesystem.</para>
/// </summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = "Archive", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ImportContainerImageCommand : NamespaceCmdlet
{
    private readonly ProgressBars bars = new();

    /// <summary>
    /// <para>The archives: OCI layouts and what 'docker save' writes, plain, gzip or zstd, or OCI layout folders; wildcards are allowed.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Archive", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// <para>The archives by paths that are taken as they are: [ and * stand for themselves. Files piped from Get-Item and Get-ChildItem are taken so.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralArchive", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// <para>A folder, or a tar, with a root filesystem, which becomes an image of one layer; the path is taken as it is.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "RootFileSystem")]
    [ValidateNotNullOrEmpty]
    public string? RootFileSystem { get; set; }

    /// <summary>
    /// <para>The name of the image, full or short (busybox). Left out, the archive's names are kept; a root filesystem needs one.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Archive")]
    [Parameter(ParameterSetName = "LiteralArchive")]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "RootFileSystem")]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? Name { get; set; }

    /// <summary>
    /// <para>The repository for images to which the archive gives only a tag.</para>
    /// </summary>
    [Parameter(ParameterSetName = "Archive")]
    [Parameter(ParameterSetName = "LiteralArchive")]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? BaseName { get; set; }

    /// <summary>
    /// <para>What the image runs unless told otherwise (its Cmd).</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] Command { get; set; } = [];

    /// <summary>
    /// <para>What the command is an argument of (its Entrypoint).</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public string[] Entrypoint { get; set; } = [];

    /// <summary>
    /// <para>Environment variables: @{ NAME = 'value' } or texts 'NAME=value'.</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [LabelTransformation(Of = "environment variable")]
    public Dictionary<string, string?> Environment { get; set; } = [];

    /// <summary>
    /// <para>The folder it starts in.</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// <para>The user it runs as: name, uid, name:group or uid:gid.</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>
    /// <para>The signal that asks it to end, such as SIGQUIT.</para>
    /// </summary>
    [Parameter(ParameterSetName = "RootFileSystem")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>
    /// <para>Of an archive: the platforms to import, such as linux/arm64; default: all that it has, and this machine's unpacked. Of a root filesystem: what its files are for; default: this machine's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[] Platform { get; set; } = [];

    /// <summary>
    /// <para>Labels: of the image's record, and for a root filesystem of its configuration too.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The snapshotter to unpack for. Default: the namespace's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SnapshotterCompleter))]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>Leaves the layers packed; New-Container unpacks them when it needs them.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoUnpack { get; set; }

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        // What nothing could send must not get into an image, where it would come to light at the first stop.
        StopSignal = SignalParameter.Read(this, StopSignal)?.Name;
        UserOption.Validated(User);
        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string given in Path)
        {
            foreach (string path in ShellPath.Files(this, given))
            {
                await ImportAsync(given, path, cancellationToken);
            }
        }

        foreach (string given in RootFileSystem is null ? LiteralPath : [RootFileSystem])
        {
            await ImportAsync(given, ShellPath.File(this, given), cancellationToken);
        }
    }

    private static Task RequireAsync(string path) =>
        File.Exists(path) || Directory.Exists(path) ? Task.CompletedTask : Task.FromException(ArchiveError.NotFound(path));

    private async Task ImportAsync(string given, string path, CancellationToken cancellationToken)
    {
        foreach (NamespaceClient client in Clients)
        {
            await ImportAsync(client, given, path, cancellationToken);
        }
    }

    private async Task ImportAsync(NamespaceClient client, string given, string path, CancellationToken cancellationToken)
    {
        if (!await ShouldProcessAsync($"'{path}' into namespace '{client.Namespace}'", "import images", given, client, () => RequireAsync(path), cancellationToken))
        {
            return;
        }

        var notices = new List<string>();
        var progress = new ImageProgress(path);
        await TryAsync(
            given,
            client,
            async () =>
            {
                string? name = Name is null ? null : ImageReference.Parse(Name).ToString();
                var labels = Label?.ToDictionary(static label => label.Key, static label => label.Value!, StringComparer.Ordinal);
                foreach ((string key, string value) in labels ?? [])
                {
                    Identifiers.ValidateLabel(key, value);
                }

                OciPlatform[] platforms = Platform.Select(Platforms.Parse).Distinct().ToArray();
                if (RootFileSystem is not null && platforms.Length > 1)
                {
                    throw new ContainerdException(ContainerdErrorCode.InvalidArgument, "The files of a root filesystem are for one platform. Give -Platform one value.") { Reason = "ConflictingPlatforms" };
                }

                var request = new ImageImportRequest
                {
                    Path = path,
                    Name = name,
                    BaseName = BaseName,
                    Platforms = platforms,
                    Labels = labels,
                    Snapshotter = Snapshotter,
                    NoUnpack = NoUnpack,
                    Progress = progress,
                    Notice = notices.Add,
                    RootFileSystem = RootFileSystem is null ? null : new RootFileSystemOptions
                    {
                        Name = name,
                        Platform = platforms.SingleOrDefault(),
                        Command = Command,
                        Entrypoint = Entrypoint,
                        Environment = Environment.Select(static variable => $"{variable.Key}={variable.Value}").ToArray(),
                        WorkingDirectory = WorkingDirectory,
                        User = User,
                        StopSignal = StopSignal,
                        Labels = labels ?? [],
                        Notice = notices.Add,
                    },
                };
                bars.Add(progress, "Importing");
                Task<IReadOnlyList<ContainerImage>> work = Task.Run(() => progress.RunAsync(() => ImageImport.RunAsync(client, request, cancellationToken)), CancellationToken.None);
                await bars.ShowAsync(work, WriteProgress);
                bars.Clear(WriteProgress);
                foreach (ContainerImage image in await work)
                {
                    WriteObject(image);
                }
            },
            cancellationToken);
        foreach (string notice in notices)
        {
            WriteWarning(notice);
        }
    }
}
