using System.Management.Automation;
using ContainerdPS.Completion;
using ContainerdPS.Containers.Copying;
using ContainerdPS.Files;
using ContainerdPS.Pipeline;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Copy-ContainerItem: copies files and folders out of containers, into them, and between them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Copy, "ContainerItem", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerItem), typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class CopyContainerItemCommand : NamespaceCmdlet
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private readonly CopyTally whole = new();
    private readonly OpenRoots roots = new();
    private readonly Turns turns = new();
    private readonly CancellationTokenSource ended = new();
    private ContainerCopy? copy;
    private int pending;
    private bool isProgressShown;

    /// <summary>
    /// <para>What is copied, wildcards too: CONTAINER:PATH or a path of this machine; with -FromContainer a path in the container. Folders are copied with all they hold; a path that ends in /. means what the folder holds.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "FromContainer")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// <para>The same without wildcards: *, ? and [ are parts of names.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = "FromContainerLiteral")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// <para>Where it is copied to: CONTAINER:PATH or a path of this machine; with -ToContainer a path in the container. Into a folder that is there, else under this name. Default: the current location. A script block gets the piped object as $_.</para>
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string? Destination { get; set; }

    /// <summary>
    /// <para>The containers to copy from, by id or as objects.</para>
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = "FromContainer", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = "FromContainerLiteral", ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[]? FromContainer { get; set; }

    /// <summary>
    /// <para>The containers to copy to, by id or as objects.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[]? ToContainer { get; set; }

    /// <summary>
    /// <para>Keeps owners (by number, as each side's containers see them), the setuid and setgid bits, and all extended attributes: access lists, capabilities of programs.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>
    /// <para>Who everything copied belongs to: name, uid, name:group or uid:gid, names as the destination knows them. Default: root in a container, you on this machine.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Owner { get; set; }

    /// <summary>
    /// <para>Copies what symbolic links lead to, not the links. A container's links are followed inside the container.</para>
    /// </summary>
    [Parameter]
    [Alias("FollowLink")]
    public SwitchParameter FollowSymlink { get; set; }

    /// <summary>
    /// <para>Replaces files that are read-only, and has wildcards find names that begin with a dot.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// <para>Accepted as Copy-Item has it; folders are always copied with all they hold.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>
    /// <para>Gives what was made: files and folders of this machine, or items in the container.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// <para>How many copies to different places are made at once; those to one container, or to one place here, are made one after the other. Results keep the order of the input.</para>
    /// </summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override int MaxInFlight => ThrottleLimit;

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        copy = new ContainerCopy(roots, whole);
        _ = ShowProgressAsync();
        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string[] given = LiteralPath.Length > 0 ? LiteralPath : Path;
        var ends = new CopyEnds(this, reference => ClientsOf(reference).ToArray());
        foreach (string source in given)
        {
            try
            {
                IReadOnlyList<CopySource> sources = ends.Sources(source, FromContainer, mayBeText: ToContainer is null, LiteralPath.Length > 0, Force);
                IReadOnlyList<CopyEnd> destinations = ends.Destinations(Destination, ToContainer, mayBeText: FromContainer is null);
                foreach (CopySource from in sources)
                {
                    foreach (CopyEnd to in destinations)
                    {
                        await StartAsync(from, to, source, given.Length > 1 || (sources.Count > 1 && FromContainer is null), cancellationToken);
                    }
                }
            }
            catch (ContainerdException e)
            {
                WriteError(ErrorRecords.From(e, source, null));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        ended.Cancel();

        // What is still being copied ends first: it uses them.
        base.Dispose(disposing);
        if (disposing)
        {
            roots.Dispose();
            ended.Dispose();
        }
    }

    private async Task StartAsync(CopySource from, CopyEnd to, string source, bool isOneOfMany, CancellationToken cancellationToken)
    {
        NamespaceClient client = to.Client ?? from.End.Client ?? throw CopyErrors.Make(
            ContainerdErrorCode.InvalidArgument,
            "NoContainer",
            $"Neither '{source}' nor '{to}' is in a container. Write one as CONTAINER:PATH, or add -FromContainer or -ToContainer; Copy-Item copies on this machine.");
        if (!await ShouldProcessAsync($"'{from.End}' to '{to}' (namespace '{client.Namespace}')", "copy", source, client, () => RequireAsync(from.End, to), cancellationToken))
        {
            return;
        }

        // Where many come, the place is to be a folder: none of them is to take its name.
        CopyEnd target = isOneOfMany ? to with { Path = to.Path with { IsContents = true } } : to;
        var request = new CopyRequest(from.End, target) { Pattern = from.Pattern, Owner = Owner, Options = new CopyOptions { Archive = Archive, Force = Force, FollowLinks = FollowSymlink } };
        Interlocked.Increment(ref pending);
        Turn turn = turns.Take(target);
        await StartAsync(source, client, token => CopyAsync(request, turn, token), outcome => Write(outcome, source, client), cancellationToken);
    }

    private async Task RequireAsync(CopyEnd from, CopyEnd to)
    {
        foreach ((NamespaceClient? client, string? container, _) in new[] { from, to })
        {
            if (container is not null)
            {
                await client!.Containers.GetAsync(container, ended.Token);
            }
        }
    }

    private async Task<CopyOutcome> CopyAsync(CopyRequest request, Turn turn, CancellationToken cancellationToken)
    {
        try
        {
            return await copy!.RunAsync(request, turn, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Dispose();
            Interlocked.Decrement(ref pending);
        }
    }

    private void Write(CopyOutcome outcome, string source, NamespaceClient client)
    {
        if (Volatile.Read(ref pending) == 0 && isProgressShown)
        {
            WriteProgress(new ProgressRecord(0, "Copying", whole.ToString()) { RecordType = ProgressRecordType.Completed });
            isProgressShown = false;
        }

        outcome.Summaries.ForEach(WriteVerbose);
        outcome.Notices.ForEach(WriteWarning);
        foreach (ContainerdException failure in outcome.Failures)
        {
            WriteError(ErrorRecords.From(failure, source, client));
        }

        if (PassThru)
        {
            outcome.Items.ForEach(WriteObject);
        }
    }

    /// <summary>Shows what has been copied as long as something is, on the pipeline's thread while that waits.</summary>
    private async Task ShowProgressAsync()
    {
        CancellationToken over = ended.Token;
        while (true)
        {
            try
            {
                await Task.Delay(ProgressInterval, over);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!over.IsCancellationRequested && Volatile.Read(ref pending) > 0)
            {
                WriteProgress(new ProgressRecord(0, "Copying", whole.ToString()) { PercentComplete = whole.Percent });
                isProgressShown = true;
            }
        }
    }
}
