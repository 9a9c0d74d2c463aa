using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Images.Export;
using ContainerdPS.Images.Progress;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Export-ContainerImage: writes images and checkpoints into one archive, an OCI layout that docker load takes too.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "ContainerImage", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerImageCommand : NamespaceCmdlet
{
    private readonly List<Archive> archives = [];
    private readonly ProgressBars bars = new();

    /// <summary>
    /// <para>The images, by name, full or short, with wildcards, or as objects from Get-ContainerImage. All that have one -Path go into one archive.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Image", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Name")]
    [ValidateNotNull]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] Image { get; set; } = [];

    /// <summary>
    /// <para>The images, by name or as objects, as they are piped. What stands first on the command line is then the file to write.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImageReference[]? InputObject { get; set; }

    /// <summary>
    /// <para>The file to write. A file that is there is replaced, and only when the new one is whole; a fifo is written to. A script block gets the piped image, for a file of each: { "$($_.Name -replace '[/:]', '-').tar" }.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Image")]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>
    /// <para>The platforms to take of an image that has several, such as linux/arm64. Left out, those whose content is here.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string[]? Platform { get; set; }

    /// <summary>
    /// <para>Takes every platform an image lists; one whose content is not here is an error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter AllPlatforms { get; set; }

    /// <summary>
    /// <para>How the archive is compressed. Auto goes by the file's name: .gz and .tgz, .zst and .tzst, any other is not.</para>
    /// </summary>
    [Parameter]
    public ArchiveCompression Compression { get; set; }

    /// <summary>
    /// <para>Does not replace a file that is there.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        (ContainerImageReference[] images, ContainerImageReference[]? argument) = PipedOperands.Split(this, Image, InputObject, nameof(Path), required: true);
        string file = argument is null ? Path : PipedOperands.Only(argument, nameof(Path)).Name;
        Archive archive = ArchiveAt(file);
        foreach (ContainerImageReference image in images)
        {
            foreach (NamespaceClient client in ClientsOf(image))
            {
                if (!await TryAsync(image.Source, client, () => FindAsync(archive, client, image, cancellationToken), cancellationToken))
                {
                    archive.Missing++;
                }
            }
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (Archive archive in archives.Where(static one => one.Images.Count > 0 || one.Missing > 0))
        {
            string names = string.Join(", ", archive.Images.Select(static one => $"'{one.Image.Name}'").Distinct());
            if (archive.Missing > 0)
            {
                // An archive that lacks something is found out far away, and too late.
                var failure = new ContainerdException(ContainerdErrorCode.NotFound, $"'{archive.Path}' was not written: {archive.Missing} of the images it was to hold cannot be had.") { Reason = "ExportIncomplete" };
                WriteError(Pipeline.ErrorRecords.From(failure, archive.Given, null));
            }
            else if (await ShouldProcessAsync($"'{archive.Path}'", $"export {names}", archive.Given, archive.Images[0].Client, () => CheckAsync(archive), cancellationToken))
            {
                await TryAsync(archive.Given, archive.Images[0].Client, () => ExportAsync(archive, cancellationToken), cancellationToken);
            }
        }
    }

    private Task CheckAsync(Archive archive)
    {
        ArchiveFileTarget.Check(archive.Path, !NoClobber);
        return Task.CompletedTask;
    }

    private Archive ArchiveAt(string given)
    {
        string path = ShellPath.File(this, given);
        Archive? archive = archives.Find(one => one.Path == path);
        if (archive is null)
        {
            archives.Add(archive = new Archive(given, path));
        }

        return archive;
    }

    private static async Task FindAsync(Archive archive, NamespaceClient client, ContainerImageReference image, CancellationToken cancellationToken)
    {
        if (image.Session is not null || !WildcardPattern.ContainsWildcardCharacters(image.Name))
        {
            archive.Images.Add((client, await ImageLookup.GetAsync(client, image.Name, cancellationToken)));
            return;
        }

        Func<string, bool> wanted = NamePatterns.Any([image.Name], ignoreCase: false);
        IReadOnlyList<Wire.ImagesV1.Image> images = await client.Images.ListAsync([], cancellationToken);
        archive.Images.AddRange(images.Where(one => wanted(one.Name) || wanted(Formatting.Image(one.Name))).Select(one => (client, one)));
    }

    private async Task ExportAsync(Archive archive, CancellationToken cancellationToken)
    {
        var notices = new List<string>();
        var request = new ImageExportRequest
        {
            Path = archive.Path,
            Replace = !NoClobber,
            Compression = Compression,
            Platforms = PlatformChoice.Of(Platform, AllPlatforms),
            Progress = new ImageProgress(archive.Path),
            Notice = notices.Add,
        };
        bars.Add(request.Progress, "Exporting to");
        Task<bool> work = Task.Run(() => request.Progress.RunAsync(() => ImageExport.RunAsync(archive.Images, request, cancellationToken)), CancellationToken.None);
        await bars.ShowAsync(work, WriteProgress);
        bars.Clear(WriteProgress);
        foreach (string notice in notices)
        {
            WriteVerbose(notice);
        }

        if (await work)
        {
            // As the provider gives it: with the properties its view shows.
            foreach (PSObject file in InvokeProvider.Item.Get([archive.Path], force: true, literalPath: true))
            {
                WriteObject(file);
            }
        }
    }

    /// <summary>A file to write, and what goes into it.</summary>
    private sealed class Archive(string given, string path)
    {
        /// <summary>The file as it was given.</summary>
        public string Given => given;

        /// <summary>Its full path.</summary>
        public string Path => path;

        public List<(NamespaceClient Client, Wire.ImagesV1.Image Image)> Images { get; } = [];

        /// <summary>How many images could not be had.</summary>
        public int Missing { get; set; }
    }
}
