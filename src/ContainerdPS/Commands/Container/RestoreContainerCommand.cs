using System.Management.Automation;
using ContainerdPS.Checkpoints;
using ContainerdPS.Completion;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Restore-Container: makes a container again from a checkpoint, and has its processes go on where they were.</para>
/// </summary>
[Cmdlet(VerbsData.Restore, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RestoreContainerCommand : NamespaceCmdlet
{
    /// <summary>
    /// <para>The id of the container. Left out, it is that of the container the checkpoint was made of, where it says so.</para>
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>
    /// <para>The checkpoint: an image made by Checkpoint-Container or by containerd's own client, by name or as an object.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public ContainerImageReference[] From { get; set; } = [];

    /// <summary>
    /// <para>Starts the task from the dump of its processes: they go on where they were. It takes CRIU on the daemon's host.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Live { get; set; }

    /// <summary>
    /// <para>Leaves out what the container had changed of its image's files.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoReadWriteLayer { get; set; }

    /// <summary>
    /// <para>A whole OCI runtime spec (an object from Get-ContainerSpec, JSON, or the lines of a JSON file) in place of the checkpoint's, or a script block that gets that as $_ and changes it.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Spec { get; set; }

    /// <summary>
    /// <para>Labels, over those the container had: @{ app = 'web' } or texts 'app=web'.</para>
    /// </summary>
    [Parameter]
    [LabelTransformation]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The runtime in place of the checkpoint's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Runtime { get; set; }

    /// <summary>
    /// <para>The snapshotter in place of the checkpoint's.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Snapshotter { get; set; }

    /// <summary>
    /// <para>With -Live: the file on the daemon's host that both outputs are appended to. What the processes had no output for before, they have none for now.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>
    /// <para>With -Live: the file:// or binary:// URI that both outputs go to.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogUri { get; set; }

    /// <summary>
    /// <para>With -Live: makes fifos for the streams, which stay for whoever attaches later.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Attachable { get; set; }

    /// <summary>
    /// <para>How many containers are restored at once. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private TaskStreams Streams => new(LogPath, LogUri, Attachable);

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        Streams.Refuse(this, makesTask: Live);
        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerImageReference checkpoint in From)
        {
            foreach (NamespaceClient client in ClientsOf(checkpoint))
            {
                string target = Id is null ? $"the container of '{checkpoint.Name}' in namespace '{client.Namespace}'" : $"container '{Id}' in namespace '{client.Namespace}'";
                string action = $"restore it from the checkpoint '{checkpoint.Name}'{(Live ? " and have its processes go on" : string.Empty)}";
                if (await ShouldProcessAsync(
                    target, action, Id ?? checkpoint.Source, client, () => CheckpointContents.ReadAsync(client, checkpoint.Name, cancellationToken), cancellationToken))
                {
                    await StartAsync(checkpoint, client, cancellationToken);
                }
            }
        }
    }

    private async Task StartAsync(ContainerImageReference checkpoint, NamespaceClient client, CancellationToken cancellationToken)
    {
        var notices = new List<string>();
        RestoreRequest? request = null;
        await TryAsync(Id ?? checkpoint.Source, client, () => Task.FromResult(request = Request(checkpoint, notices)), cancellationToken);
        if (request is not null)
        {
            await StartAsync(Id ?? checkpoint.Source, client, token => ContainerRestore.RunAsync(client, request, token), Write, cancellationToken);
        }

        void Write(Container container)
        {
            notices.ForEach(WriteWarning);
            WriteObject(container);
        }
    }

    private RestoreRequest Request(ContainerImageReference checkpoint, List<string> notices)
    {
        SpecArgument? spec = Spec is null ? null : SpecArgument.Parse(Spec);
        return new RestoreRequest
        {
            From = checkpoint.Name,
            Id = Id,
            NoReadWriteLayer = NoReadWriteLayer,
            Live = Live ? Streams.ToRequest(this) : null,
            Spec = spec?.Whole,
            Edit = spec is { Whole: null } ? made => OnPipelineAsync(() => spec.Run(made, "nothing was restored")) : null,
            Runtime = Runtime,
            Snapshotter = Snapshotter,
            Labels = Label?.ToDictionary(static label => label.Key, static label => label.Value ?? string.Empty, StringComparer.Ordinal) ?? [],
            Notice = notices.Add,
        };
    }
}
