using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>
/// The streams of a process that runs, or ran, without us and goes on without us: leaving it closes our ends and nothing
/// else, and what was not taken of its output stays for who attaches next.
/// </summary>
internal sealed class Attachment : IAsyncDisposable
{
    private readonly NamespaceClient client;
    private readonly CancellationTokenSource waiting = new();
    private readonly FifoClaim claim;
    private readonly int processId;
    private readonly Status status;
    private Task<WaitResponse>? exit;

    private Attachment(NamespaceClient client, ProcessAddress address, Process process, FifoSet fifos, bool withInput)
    {
        this.client = client;
        Address = address;
        IsTerminal = process.Terminal;
        processId = (int)process.Pid;
        status = process.Status;
        claim = FifoClaim.Make(fifos);
        try
        {
            Output = fifos.Stdout is null ? null : StreamTap.Open(fifos.Stdout);
            Error = fifos.Stderr is null ? null : StreamTap.Open(fifos.Stderr);
            Input = fifos.Stdin is null || !withInput ? null : FifoWriter.Open(fifos.Stdin, FifoPoller.Shared);
        }
        catch (ContainerdException e)
        {
            Close();
            throw new ContainerdException(e.Code, e.Message, e) { Reason = "StreamsNotFound", ObjectKind = address.Kind, ObjectId = address.Name };
        }
    }

    public ProcessAddress Address { get; }

    /// <summary>Does it run on a terminal of its own?</summary>
    public bool IsTerminal { get; }

    /// <summary>Had it ended when it was attached to?</summary>
    public bool HasEnded => status == Status.Stopped;

    public StreamTap? Output { get; }

    /// <summary>Its error output; null with a terminal.</summary>
    public StreamTap? Error { get; }

    public FifoWriter? Input { get; }

    /// <summary>Who else reads its output, as the subject of a sentence; null when nobody does.</summary>
    public string? OtherReader => claim.Others;

    /// <summary>How the process ended, when it has.</summary>
    public Task<WaitResponse> Exit => exit ??= ExitAsync();

    /// <summary>Attaches to a process by what the daemon says of its streams.</summary>
    /// <exception cref="ContainerdException">There is no such process, or it has no streams that can be opened here.</exception>
    public static async Task<Attachment> OpenAsync(NamespaceClient client, ProcessAddress address, bool withInput, CancellationToken cancellationToken)
    {
        Process process = await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (process.Status == Status.Unknown)
        {
            throw TaskFailures.Refusal(client, address, "TaskStateUnknown", "is in an unknown state: its shim does not answer, and nobody knows its streams. Remove-ContainerTask -Force clears what is left; the daemon's log says why.");
        }

        TaskStdio stdio = TaskStdio.Existing(process.Stdin, process.Stdout, process.Stderr, process.Terminal);
        if (stdio.Fifos is not { } fifos || (fifos.Stdout is null && fifos.Stderr is null))
        {
            throw NotAttachable(client, address, process);
        }

        return new Attachment(client, address, process, fifos, withInput);
    }

    /// <summary>Refuses a process that would not answer to what is typed.</summary>
    /// <param name="orEnded">Whether one that has ended will do, for what it has written last.</param>
    /// <exception cref="ContainerdException">It is not started, frozen, or has ended.</exception>
    public void DemandRunning(bool orEnded)
    {
        string? state = status switch
        {
            Status.Created => "created",
            Status.Paused or Status.Pausing => "paused",
            Status.Stopped when !orEnded => "stopped",
            _ => null,
        };
        if (state is not null)
        {
            throw TaskFailures.InState(client, Address, state);
        }
    }

    /// <summary>What a result tells of the task. When its process was started is known only on its host, and while it runs.</summary>
    public async Task<RunFacts> FactsAsync(CancellationToken cancellationToken)
    {
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(Address.Container, cancellationToken).ConfigureAwait(false);
        string? command = container.Spec is { Value.IsEmpty: false } spec ? Oci.SpecJson.Parse(spec.Value.Span).Process?.ToString() : null;
        return new RunFacts(container.Id, container.Image, command ?? string.Empty, CommandLines.StartedAt(client.Session, processId));
    }

    /// <summary>How the process has ended, in the words of a cmdlet.</summary>
    public async Task<ContainerExitStatus> StatusAsync()
    {
        WaitResponse end = await Exit.ConfigureAwait(false);
        return Mapping.ProcessMapping.ToExitStatus(client, Address, end.ExitStatus, end.ExitedAt);
    }

    /// <summary>Gives the process its end of input.</summary>
    public async Task EndInputAsync(CancellationToken cancellationToken)
    {
        if (Input is null)
        {
            return;
        }

        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await client.Tasks.CloseStdinAsync(Address, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is not ContainerdErrorCode.Unavailable)
        {
            // It has ended, and reads no more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await waiting.CancelAsync().ConfigureAwait(false);
        if (exit is not null)
        {
            await ((Task)exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Close();
        waiting.Dispose();
    }

    /// <summary>A process whose daemon is away goes on, and so do its streams: it is waited for as long as they do.</summary>
    private async Task<WaitResponse> ExitAsync()
    {
        while (true)
        {
            try
            {
                return await TaskFailures.AskAsync(client, Address, () => ProcessExit.WaitAsync(client, Address, waiting.Token), waiting.Token).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Reason == "ConnectionLost" && (Output?.HasEnded == false || Error?.HasEnded == false))
            {
                // Each such wait has taken the patience of one already.
            }
        }
    }

    private void Close()
    {
        Output?.Dispose();
        Error?.Dispose();
        Input?.Dispose();
        claim.Dispose();
    }

    private static ContainerdException NotAttachable(NamespaceClient client, ProcessAddress address, Process process)
    {
        string advice = process.Stdout.Contains("://", StringComparison.Ordinal)
            ? $"logs to '{process.Stdout}'{(address.IsTask ? ", where Get-ContainerLog reads it" : string.Empty)}"
            : "was started without streams, so what it writes is thrown away";
        string remedy = address.IsTask
            ? "Start-ContainerTask -Attachable keeps the streams of a task, and a container made with -Terminal has one to enter."
            : "Start-ContainerProcess -Terminal starts one that can be entered.";
        return TaskFailures.Refusal(client, address, address.IsTask ? "TaskNotAttachable" : "ProcessNotAttachable", $"{advice}: there is nothing to attach to. {remedy}");
    }
}
