using System.Collections.Concurrent;
using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Images;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>ConvertTo-ContainerImage: makes images of containers: what a container has changed becomes a layer on top of its image.</para>
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "ContainerImage", DefaultParameterSetName = "Container", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ConvertToContainerImageCommand : ContainerArgumentCmdlet
{
    private readonly ImageSurveys surveys = new();
    private readonly HashSet<(ContainerdSession Session, string Namespace, string Name)> given = [];

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Container", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "InputObject", DontShow = true)]
    [Alias("Id")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public override ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>The name of the image, full or short (busybox), or a tag alone after a colon (:2) for one beside the container's image. A script block gets the piped container as $_.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Container")]
    [Parameter(Mandatory = true, ParameterSetName = "Property", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>
    /// <para>Who made the image. Default: the author of the container's image.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Author { get; set; }

    /// <summary>
    /// <para>A remark for the image's history.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>
    /// <para>What the image runs unless told otherwise (its Cmd). An empty list leaves that to whoever runs it.</para>
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Command { get; set; }

    /// <summary>
    /// <para>What the command is an argument of (its Entrypoint). Given without -Command, the image has no command.</para>
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Entrypoint { get; set; }

    /// <summary>
    /// <para>Environment variables to set: @{ NAME = 'value' } or texts 'NAME=value'. A name alone, or $null, removes its variable; others stay.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Environment { get; set; }

    /// <summary>
    /// <para>Labels to set in the configuration, and in the image's record. A key alone, or $null, removes its label; others stay.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [LabelTransformation(AllowKeyOnly = true)]
    public Dictionary<string, string?>? Label { get; set; }

    /// <summary>
    /// <para>The user it runs as: name, uid, name:group or uid:gid.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public string? User { get; set; }

    /// <summary>
    /// <para>The folder it starts in.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>
    /// <para>The signal that asks it to end, such as SIGQUIT.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>
    /// <para>Ports it listens on, besides those the image has: 80, 53/udp, 8000-8010/tcp.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? ExposedPort { get; set; }

    /// <summary>
    /// <para>Folders it keeps data in, besides those the image has.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Volume { get; set; }

    /// <summary>
    /// <para>Does not pause a running task. What it writes meanwhile may get into the image in halves.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoPause { get; set; }

    /// <summary>
    /// <para>Leaves the new layer packed; New-Container unpacks it when it needs it.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter NoUnpack { get; set; }

    /// <summary>
    /// <para>Takes the name from the image that has it.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string ArgumentName => nameof(Name);

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        // What nothing could send must not get into an image. Empty takes that of the base away.
        StopSignal = string.IsNullOrEmpty(StopSignal) ? StopSignal : SignalParameter.Read(this, StopSignal)?.Name;
        return Task.CompletedTask;
    }

    private protected override async Task ProcessContainerAsync(ContainerReference container, NamespaceClient client, CancellationToken cancellationToken)
    {
        string name = Argument is null ? Name : PipedOperands.Only(Argument, ArgumentName).Id;
        if (!await ShouldProcessAsync(
            $"container '{container.Id}' in namespace '{client.Namespace}'",
            $"make the image '{name}' of it",
            container.Source,
            client,
            () => ContainerCommit.CheckAsync(client, container.Id, name, Force, cancellationToken),
            cancellationToken))
        {
            return;
        }

        // Of two that would have one name, the first gets it.
        if (!given.Add((client.Session, client.Namespace, name.StartsWith(':') ? container.Id + name : name)))
        {
            await FinishPiecesAsync();
        }

        var notices = new ConcurrentQueue<string>();
        await StartAsync(
            async token =>
            {
                Action write;
                try
                {
                    ContainerImage image = await CommitAsync(container, client, name, notices.Enqueue, token).ConfigureAwait(false);
                    write = () => WriteObject(image);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    ErrorRecord record = await RecordAsync(e, container.Source, client, token).ConfigureAwait(false);
                    write = () => WriteError(record);
                }

                return () =>
                {
                    foreach (string notice in notices)
                    {
                        WriteWarning(notice);
                    }

                    write();
                };
            },
            cancellationToken);
    }

    private async Task<ContainerImage> CommitAsync(ContainerReference container, NamespaceClient client, string name, Action<string> notice, CancellationToken cancellationToken)
    {
        foreach ((string key, string? value) in Label ?? [])
        {
            Identifiers.ValidateLabel(key, value ?? string.Empty);
        }

        var request = new CommitRequest
        {
            Container = container.Id,
            Name = name,
            Force = Force,
            NoPause = NoPause,
            NoUnpack = NoUnpack,
            Author = Author,
            Message = Message,
            Notice = notice,
            Config = new ImageConfigChange
            {
                Command = Command,
                Entrypoint = Entrypoint,
                Environment = Environment,
                Labels = Label,
                User = User,
                WorkingDirectory = WorkingDirectory,
                StopSignal = StopSignal,
                ExposedPorts = ExposedPort,
                Volumes = Volume,
            },
        };
        return await surveys.Of(client).ReadAsync(await ContainerCommit.RunAsync(client, request, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
