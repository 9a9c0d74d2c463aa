using System.Text;
using ContainerdPS.Oci;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TasksV1;

namespace ContainerdPS.Processes;

/// <summary>
/// A process started here, with its streams: a task or an exec, its input, its lines as they come, its exit status.
/// Whatever happens, disposing it leaves no process and no fifo.
/// </summary>
internal sealed class AttachedProcess : IAsyncDisposable
{
    /// <summary>What the shim may still copy when the process has ended; a process left behind does not hold us longer.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly NamespaceClient client;
    private readonly CancellationTokenSource waiting = new();
    private Task<WaitResponse>? exit;
    private bool created;
    private bool deleted;

    private AttachedProcess(NamespaceClient client, ProcessAddress address, ProcessIO io)
    {
        this.client = client;
        Address = address;
        IO = io;
    }

    public ProcessAddress Address { get; }

    public ProcessIO IO { get; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Completes when the process has ended, or when that cannot be found out.</summary>
    public Task Exited => exit!;

    /// <summary>Creates the task of a container and starts its process.</summary>
    public static async Task<AttachedProcess> RunAsync(NamespaceClient client, string id, bool stdin, CancellationToken cancellationToken)
    {
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return await StartAsync(
            client,
            id,
            stdin,
            TaskCreation.HasTerminal(container),
            stdio => TaskCreation.CreateAsync(client, container, new TaskRequest(), stdio, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes a further process in a running task.</summary>
    public static Task<AttachedProcess> ExecAsync(
        NamespaceClient client, ProcessAddress address, SpecProcess process, bool stdin, CancellationToken cancellationToken) => StartAsync(
            client,
            address,
            stdin,
            process.Terminal == true,
            stdio => ExecCreation.CreateAsync(client, address, process, stdio, cancellationToken),
            cancellationToken);

    /// <summary>The lines of both streams as they come, until the process has ended and its output with it.</summary>
    public IAsyncEnumerable<OutputLine> ReadLinesAsync(Encoding encoding, CancellationToken cancellationToken) =>
        UntilEndAsync(IO.ReadLinesAsync(encoding, cancellationToken), cancellationToken);

    /// <summary>The output in pieces as they come and the error output in lines, until both have ended.</summary>
    public IAsyncEnumerable<OutputPiece> ReadBytesAsync(Encoding encoding, CancellationToken cancellationToken) =>
        UntilEndAsync(OutputPieces.ReadAsync(IO, encoding, cancellationToken), cancellationToken);

    /// <summary>Gives the process its end of input.</summary>
    public async Task EndInputAsync(CancellationToken cancellationToken)
    {
        if (IO.Stdin is null)
        {
            return;
        }

        await IO.Stdin.CompleteAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await client.Tasks.CloseStdinAsync(Address, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is not ContainerdErrorCode.Unavailable)
        {
            // It has ended, and reads no more.
        }
    }

    /// <summary>Waits for the end, deletes the process and tells how it ended.</summary>
    public async Task<ContainerExitStatus> EndAsync(CancellationToken cancellationToken)
    {
        WaitResponse end = await exit!.WaitAsync(cancellationToken).ConfigureAwait(false);
        await client.Tasks.DeleteAsync(Address, cancellationToken).ConfigureAwait(false);
        deleted = true;
        if (Address.IsTask)
        {
            LastingFifos.RemoveAll(client, Address.Container);
        }

        return Mapping.ProcessMapping.ToExitStatus(client, Address, end.ExitStatus, end.ExitedAt);
    }

    public async ValueTask DisposeAsync()
    {
        IO.Cancel();
        if (created && !deleted)
        {
            using var limit = new CancellationTokenSource(EndLimit);
            Task discarding = IO.DiscardAsync(limit.Token);
            try
            {
                await ProcessEnd.ForceAsync(client, Address, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // The daemon is gone, and the failure that brought us here is what must be told.
            }

            await limit.CancelAsync().ConfigureAwait(false);
            await discarding.ConfigureAwait(false);
        }

        await waiting.CancelAsync().ConfigureAwait(false);
        if (exit is not null)
        {
            await ((Task)exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await IO.DisposeAsync().ConfigureAwait(false);
        waiting.Dispose();
    }

    private static async Task<AttachedProcess> StartAsync(
        NamespaceClient client, ProcessAddress address, bool stdin, bool terminal, Func<TaskStdio, Task> create, CancellationToken cancellationToken)
    {
        string id = address.IsTask ? address.Container : address.Exec;
        ProcessIO io = ProcessIO.Open(FifoSet.Create(id, stdin, terminal, client.Session.Daemon?.FifoDirectory));
        var process = new AttachedProcess(client, address, io);
        try
        {
            await create(TaskStdio.FromFifos(io.Fifos)).ConfigureAwait(false);
            process.created = true;

            // Before the start, or a short process is missed.
            process.exit = TaskFailures.AskAsync(client, address, () => ProcessExit.WaitAsync(client, address, process.waiting.Token), process.waiting.Token);

            // A short process has ended before the answer to its start is here.
            process.StartedAt = DateTimeOffset.Now;
            await TaskFailures.AskAsync(client, address, () => client.Tasks.StartAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async IAsyncEnumerable<T> UntilEndAsync<T>(
        IAsyncEnumerable<T> output, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task drained = DrainAsync(reading.Token);
        try
        {
            await foreach (T piece in output.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return piece;
            }

            await drained.ConfigureAwait(false);
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await drained.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A wait that fails ends the reading too: nobody would ever end it otherwise.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await exit!.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException)
        {
            IO.Cancel();
            await IO.DrainAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            throw;
        }

        await IO.DrainAsync(DrainLimit, cancellationToken).ConfigureAwait(false);
    }
}
