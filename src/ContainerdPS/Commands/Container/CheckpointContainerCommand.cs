using System.Management.Automation;
using ContainerdPS.Checkpoints;
using ContainerdPS.Completion;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Transformation;
using ContainerdPS.Wire.RuncOptions;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Checkpoint-Container: keeps containers as images: their image, runtime options, changed files and running processes.</para>
/// </summary>
[Cmdlet(VerbsData.Checkpoint, "Container", DefaultParameterSetName = ToImage, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage), ParameterSetName = [ToImage, OfProperties, OfInput])]
[OutputType(typeof(DirectoryInfo), ParameterSetName = [ToFolder])]
public sealed class CheckpointContainerCommand : ContainerArgumentCmdlet
{
    private const string ToImage = "Image";
    private const string ToFolder = "Folder";
    private const string OfProperties = "Property";
    private const string OfInput = "InputObject";

    private readonly HashSet<(ContainerdSession, string, string)> names = [];
    private readonly HashSet<(ContainerdSession?, string)> folders = [];
    private int activities;

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToImage, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToFolder, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = OfProperties, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = OfInput, DontShow = true)]
    [Alias("Id")]
    [ArgumentTextTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public override ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>The name of the image the checkpoint becomes, full or short. For several containers a script block that gives each its own: { "checkpoint/$($_.Id)" }.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ToImage)]
    [Parameter(Mandatory = true, ParameterSetName = OfProperties, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, ParameterSetName = OfInput)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>
    /// <para>The image the container was made of is to be in it. Where none of -Image, -Runtime, -ReadWriteLayer and -Task is given, all is that there is.</para>
    /// </summary>
    [Parameter(ParameterSetName = ToImage)]
    [Parameter(ParameterSetName = OfProperties)]
    [Parameter(ParameterSetName = OfInput)]
    public SwitchParameter Image { get; set; }

    /// <summary>
    /// <para>The options of its runtime are to be in it, and its spec.</para>
    /// </summary>
    [Parameter(ParameterSetName = ToImage)]
    [Parameter(ParameterSetName = OfProperties)]
    [Parameter(ParameterSetName = OfInput)]
    public SwitchParameter Runtime { get; set; }

    /// <summary>
    /// <para>The files it has changed, added and removed are to be in it.</para>
    /// </summary>
    [Parameter(ParameterSetName = ToImage)]
    [Parameter(ParameterSetName = OfProperties)]
    [Parameter(ParameterSetName = OfInput)]
    public SwitchParameter ReadWriteLayer { get; set; }

    /// <summary>
    /// <para>Its running processes with their memory are to be in it, and its spec. It takes CRIU on the daemon's host.</para>
    /// </summary>
    [Parameter(ParameterSetName = ToImage)]
    [Parameter(ParameterSetName = OfProperties)]
    [Parameter(ParameterSetName = OfInput)]
    public SwitchParameter Task { get; set; }

    /// <summary>
    /// <para>Takes the name over from an image that has it.</para>
    /// </summary>
    [Parameter(ParameterSetName = ToImage)]
    [Parameter(ParameterSetName = OfProperties)]
    [Parameter(ParameterSetName = OfInput)]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>A folder on the daemon's host to dump the processes into, in place of an image. Start-ContainerTask restores them with -RuntimeOption @{ CriuImagePath = 'FOLDER' }. For several containers a script block that gives each its own: { "dumps/$($_.Id)" }.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ToFolder, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ImagePath { get; set; }

    /// <summary>
    /// <para>A folder on the daemon's host for CRIU's log and other files of its work, which stay there; the folder it lies in has to be there. For several containers a script block that gives each its own.</para>
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? WorkPath { get; set; }

    /// <summary>
    /// <para>Ends the task with its dump. From the dump on, it is not stopped any more: what has ended is always kept.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Exit { get; set; }

    /// <summary>
    /// <para>Lets the task run on while its files are read: what is kept of them may then not fit together.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoPause { get; set; }

    /// <summary>
    /// <para>Dumps open TCP connections too.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter TcpEstablished { get; set; }

    /// <summary>
    /// <para>Dumps unix sockets whose other end is outside the container too.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter ExternalUnixSockets { get; set; }

    /// <summary>
    /// <para>Dumps processes that hang on a terminal from outside the container too.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Terminal { get; set; }

    /// <summary>
    /// <para>Dumps locks on files too. On by default: -FileLocks:$false makes a process that holds one an error.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter FileLocks { get; set; } = true;

    /// <summary>
    /// <para>Kinds of namespaces, such as network, that are restored empty: their content is not dumped.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? EmptyNamespace { get; set; }

    /// <summary>
    /// <para>An earlier checkpoint of the container, or the digest of its dump, for runtimes that then write only what has changed since. It has no effect, and a warning says so: no release of containerd up to 2.4 passes it on to the runtime, and each dump is whole.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference? ParentCheckpoint { get; set; }

    private protected override string ArgumentName => nameof(Name);

    private CheckpointParts Parts =>
        ParameterSetName == ToFolder
            ? CheckpointParts.Task
            : (Image ? CheckpointParts.Image : 0) | (Runtime ? CheckpointParts.Runtime : 0) | (ReadWriteLayer ? CheckpointParts.ReadWriteLayer : 0) | (Task ? CheckpointParts.Task : 0);

    private protected override System.Threading.Tasks.Task BeginAsync(CancellationToken cancellationToken)
    {
        if (ParentCheckpoint is not null)
        {
            WriteWarning("-ParentCheckpoint has no effect: no release of containerd up to 2.4 passes it on to the runtime. The dump will be whole, as without it.");
        }

        return System.Threading.Tasks.Task.CompletedTask;
    }

    private protected override async System.Threading.Tasks.Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        CheckpointPlan? plan = null;
        await TryAsync(container.Source, client, async () => plan = await CheckpointPlan.MakeAsync(client, Request(container, client), cancellationToken), cancellationToken);
        if (plan is null)
        {
            return;
        }

        if (plan.Warning is { } warning)
        {
            WriteWarning(warning);
        }

        if (!ShouldProcess(Of(container, client), plan.Describe()))
        {
            return;
        }

        if (ParameterSetName == ToFolder)
        {
            await StartAsync(container.Source, client, token => DumpAsync(client, plan, token), WriteFolder, cancellationToken);
        }
        else
        {
            await StartAsync(container.Source, client, token => ContainerCheckpoint.RunAsync(client, plan, token), WriteObject, cancellationToken);
        }
    }

    private protected override async System.Threading.Tasks.Task EndAsync(CancellationToken cancellationToken)
    {
        await FinishPiecesAsync();
        for (int activity = 1; activity <= activities; activity++)
        {
            WriteProgress(new ProgressRecord(activity, "Checkpointing", "done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private CheckpointRequest Request(ContainerReference container, NamespaceClient client)
    {
        string? given = Argument is null ? Name : PipedOperands.OnlyText(Argument, ArgumentName);
        string? name = given is null ? null : ImageReference.Parse(given).ToString();
        if (name is not null && !names.Add((client.Session, client.Namespace, name)))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The container '{container.Id}' was not checkpointed: '{name}' is what another checkpoint of this command is called already. Give each a name of its own: -Name {{ \"checkpoint/$($_.Id)\" }}.") { Reason = "NameNotUnique" };
        }

        int activity = ++activities;
        string title = $"Checkpointing the container '{container.Id}'";
        CheckpointOptions options = Options();
        foreach (string folder in new[] { options.ImagePath, options.WorkPath }.Where(static folder => folder.Length > 0).Select(Path.TrimEndingDirectorySeparator).Distinct())
        {
            Claim(container, client, folder);
        }

        return new CheckpointRequest
        {
            Container = container.Id,
            Name = name,
            Parts = Parts,
            Replace = Force,
            NoPause = NoPause,
            Parent = ParentCheckpoint?.Name,
            Progress = status => _ = OnPipelineAsync(() =>
            {
                WriteProgress(new ProgressRecord(activity, title, status));
                return true;
            }),
            Options = options,
        };
    }

    /// <summary>The files of two dumps have the same names: in one folder, the one is written over the other.</summary>
    private void Claim(ContainerReference container, NamespaceClient client, string folder)
    {
        // All daemons of this machine share its folders.
        if (!folders.Add((client.Session.IsLocal ? null : client.Session, folder)))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The container '{container.Id}' was not checkpointed: the folder '{folder}' is that of another checkpoint of this command already, and the files of the one would be written over those of the other. Pipe the containers and give each a folder of its own: {{ \"dumps/$($_.Id)\" }}.") { Reason = "FolderNotUnique" };
        }
    }

    private CheckpointOptions Options()
    {
        var options = new CheckpointOptions
        {
            Exit = Exit,
            OpenTcp = TcpEstablished,
            ExternalUnixSockets = ExternalUnixSockets,
            Terminal = Terminal,
            FileLocks = FileLocks,
            ImagePath = ImagePath is null ? string.Empty : ShellPath.Resolve(this, ImagePath),
            WorkPath = WorkPath is null ? string.Empty : ShellPath.Resolve(this, WorkPath),
        };
        options.EmptyNamespaces.AddRange(EmptyNamespace ?? []);
        return options;
    }

    private static async Task<string> DumpAsync(NamespaceClient client, CheckpointPlan plan, CancellationToken cancellationToken)
    {
        await ContainerCheckpoint.DumpAsync(client, plan, cancellationToken).ConfigureAwait(false);
        return plan.Request.Options.ImagePath;
    }

    private void WriteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (PSObject folder in InvokeProvider.Item.Get([path], force: true, literalPath: true))
            {
                WriteObject(folder);
            }
        }
    }
}
