using System.Management.Automation;
using System.Text;
using System.Threading.Channels;
using ContainerdPS.Completion;
using ContainerdPS.Logs;
using ContainerdPS.Services;
using ContainerdPS.Transformation;

namespace ContainerdPS.Commands;

/// <summary>
/// <para>Get-ContainerLog: reads the logs of tasks that log to a file: all, the last lines, those since a time, and what is added.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog")]
[OutputType(typeof(string), typeof(ContainerLogLine))]
public sealed class GetContainerLogCommand : NamespaceCmdlet
{
    /// <summary>So many lines wait for the pipeline; then reading waits.</summary>
    private const int Ahead = 1024;

    private readonly List<Target> followed = [];

    /// <summary>
    /// <para>The containers, by id or as objects from Get-Container.</para>
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public ContainerReference[] Container { get; set; } = [];

    /// <summary>
    /// <para>The id of a process executed in the task, instead of its first one. An object from Start-ContainerProcess brings its own.</para>
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProcessCompleter))]
    public string? Process { get; set; }

    /// <summary>
    /// <para>Only so many of the last lines. 0 gives none of what is there, which with -Wait gives what is added from now on.</para>
    /// </summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>
    /// <para>Only so many lines of each log in all.</para>
    /// </summary>
    [Parameter]
    [Alias("First", "Head")]
    [ValidateRange(0, int.MaxValue)]
    public int? TotalCount { get; set; }

    /// <summary>
    /// <para>Only what was written since then: a time, or how long ago it was, such as 10m, 2h or a TimeSpan. The lines must begin with a time, or the log's form have one.</para>
    /// </summary>
    [Parameter]
    [MomentTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>
    /// <para>Goes on with what is added, until the task has ended. The lines of several logs come as they are written.</para>
    /// </summary>
    [Parameter]
    [Alias("Follow")]
    public SwitchParameter Wait { get; set; }

    /// <summary>
    /// <para>The log, where it is elsewhere than the daemon, Kubernetes or nerdctl say, or where they do not know.</para>
    /// </summary>
    [Parameter]
    [Alias("LogPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>
    /// <para>How the lines are written. Default: what wrote the log tells, and with -Path its first line.</para>
    /// </summary>
    [Parameter]
    public ContainerLogFormat? Format { get; set; }

    /// <summary>
    /// <para>How the text is encoded: utf8, ascii, unicode, latin1 and others, or a code page. Default: utf8.</para>
    /// </summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// <para>Gives objects with the container, the time, the stream and the text of each line, in place of the text alone.</para>
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private string? GivenPath { get; set; }

    private LogOptions Options => new() { Encoding = Encoding, Tail = Tail, Since = Since, ReadTimes = Detailed };

    private protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        GivenPath = Path is null ? null : ShellPath.Resolve(this, Path);
        return Task.CompletedTask;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerReference container in Container)
        {
            foreach (NamespaceClient client in ClientsOf(container))
            {
                string exec = Process ?? (container.Source as ContainerProcess)?.Id ?? string.Empty;
                var target = new Target(container.Source, client, new ProcessAddress(container.Id, exec));
                if (Wait)
                {
                    followed.Add(target);
                }
                else
                {
                    await TryAsync(container.Source, client, () => ReadAsync(target, cancellationToken), cancellationToken);
                }
            }
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (followed.Count == 0)
        {
            return;
        }

        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = Channel.CreateBounded<Action>(new BoundedChannelOptions(Ahead) { SingleReader = true });
        var all = Task.WhenAll(followed.Select(target => Task.Run(() => FollowAsync(target, lines.Writer, following.Token), CancellationToken.None)));
        _ = all.ContinueWith(_ => lines.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (Action write in lines.Reader.ReadAllAsync(cancellationToken))
            {
                write();
            }

            await all;
        }
        finally
        {
            await following.CancelAsync();
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task ReadAsync(Target target, CancellationToken cancellationToken)
    {
        LogPlace place = await FindAsync(target, cancellationToken);
        WriteVerbose($"The log {target.Whose} is '{place.Path}'.");
        using LogSource source = LogSource.Open(place, Options, target.Whose);
        foreach (LogEntry entry in source.ReadAvailable().Concat(Deferred(source.ReadRest)).Take(TotalCount ?? int.MaxValue))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(target, entry);
        }
    }

    /// <summary>Follows one log away from the pipeline's thread. Its failure is told, and the others go on.</summary>
    private async Task FollowAsync(Target target, ChannelWriter<Action> lines, CancellationToken cancellationToken)
    {
        try
        {
            LogPlace place = await FindAsync(target, cancellationToken).ConfigureAwait(false);
            await lines.WriteAsync(() => WriteVerbose($"The log {target.Whose} is '{place.Path}'."), cancellationToken).ConfigureAwait(false);
            int left = TotalCount ?? int.MaxValue;
            if (left == 0)
            {
                return;
            }

            await foreach (LogEntry entry in LogFollower.FollowAsync(target.Client, target.Address, place, Options, target.Whose, cancellationToken).ConfigureAwait(false))
            {
                await lines.WriteAsync(() => Write(target, entry), cancellationToken).ConfigureAwait(false);
                if (--left == 0)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            ErrorRecord record = await RecordAsync(e, target.Source, target.Client, cancellationToken).ConfigureAwait(false);
            await lines.WriteAsync(() => WriteError(record), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LogPlace> FindAsync(Target target, CancellationToken cancellationToken)
    {
        if (GivenPath is not null)
        {
            return new LogPlace(GivenPath, Format);
        }

        LogPlace place = await LogLocator.FindAsync(target.Client, target.Address, cancellationToken).ConfigureAwait(false);
        return Format is null ? place : place with { Format = Format };
    }

    private void Write(Target target, LogEntry entry)
    {
        if (!Detailed)
        {
            WriteObject(entry.Text);
            return;
        }

        WriteObject(new ContainerLogLine(target.Client.Session, target.Client.Namespace, target.Address.Container)
        {
            Process = target.Address.Exec,
            Time = entry.Time,
            Stream = entry.Stream,
            Text = entry.Text,
        });
    }

    /// <summary>What is known only when it is asked for.</summary>
    private static IEnumerable<LogEntry> Deferred(Func<IEnumerable<LogEntry>> rest)
    {
        foreach (LogEntry entry in rest())
        {
            yield return entry;
        }
    }

    private sealed record Target(object Source, NamespaceClient Client, ProcessAddress Address)
    {
        public string Whose => Address.IsTask
            ? $"of the container '{Address.Container}'"
            : $"of the process '{Address.Exec}' in the container '{Address.Container}'";
    }
}
