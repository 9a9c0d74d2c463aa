using System.Runtime.CompilerServices;
using System.Text;
using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Containers;

/// <summary>
/// One run of a container's first process: its task with fifos, its lines as they come, its exit status. Whatever
/// happens, disposing it leaves no task and no fifo.
/// </summary>
internal sealed class ContainerRun : IAsyncDisposable
{
    /// <summary>What the shim may still copy when the process has ended; a process left behind does not hold us longer.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly NamespaceClient client;
    private readonly string id;
    private readonly ProcessIO io;
    private readonly CancellationTokenSource waiting = new();
    private Task<WaitResponse>? exit;
    private bool deleted;

    private ContainerRun(NamespaceClient client, string id, ProcessIO io)
    {
        this.client = client;
        this.id = id;
        this.io = io;
    }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Creates the task and starts its process.</summary>
    public static async Task<ContainerRun> StartAsync(NamespaceClient client, Container container, bool terminal, CancellationToken cancellationToken)
    {
        ProcessIO io = ProcessIO.Open(FifoSet.Create(container.Id, stdin: false, terminal, client.Session.Daemon?.FifoDirectory));
        var run = new ContainerRun(client, container.Id, io);
        try
        {
            await run.StartAsync(container, terminal, cancellationToken).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await run.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The lines of both streams as they come, until the process has ended and its output with it.</summary>
    public async IAsyncEnumerable<OutputLine> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task drained = DrainAsync(cancellationToken);
        await foreach (OutputLine line in io.ReadLinesAsync(Encoding.UTF8, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }

        await drained.ConfigureAwait(false);
    }

    /// <summary>Waits for the end, deletes the task and tells how it ended.</summary>
    public async Task<(int ExitCode, DateTimeOffset ExitedAt)> EndAsync(CancellationToken cancellationToken)
    {
        WaitResponse end = await exit!.WaitAsync(cancellationToken).ConfigureAwait(false);
        await client.Tasks.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        deleted = true;
        return ((int)end.ExitStatus, Mapping.Timestamps.ToLocalOrNull(end.ExitedAt) ?? DateTimeOffset.Now);
    }

    public async ValueTask DisposeAsync()
    {
        io.Cancel();
        if (!deleted)
        {
            using var limit = new CancellationTokenSource(EndLimit);
            try
            {
                await ContainerRemoval.EndTaskAsync(client, id, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // The daemon is gone or the task never was; the failure itself is what must be told.
            }
        }

        await waiting.CancelAsync().ConfigureAwait(false);
        if (exit is not null)
        {
            await ((Task)exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await io.DisposeAsync().ConfigureAwait(false);
        waiting.Dispose();
    }

    private async Task StartAsync(Container container, bool terminal, CancellationToken cancellationToken)
    {
        TaskStdio stdio = TaskStdio.FromFifos(io.Fifos);
        var request = new CreateTaskRequest { ContainerId = id, Stdin = stdio.Stdin, Stdout = stdio.Stdout, Stderr = stdio.Stderr, Terminal = terminal };
        if (container.SnapshotKey.Length > 0)
        {
            foreach (Mount mount in await client.Snapshots.MountsAsync(container.Snapshotter, container.SnapshotKey, cancellationToken).ConfigureAwait(false))
            {
                if (container.Spec?.Linux?.MountLabel is { Length: > 0 } label)
                {
                    mount.Options.Add($"context=\"{label}\"");
                }

                request.Rootfs.Add(mount);
            }
        }

        await client.Tasks.CreateAsync(request, cancellationToken).ConfigureAwait(false);

        // Before the start, or a short process is missed.
        exit = client.Tasks.WaitAsync(id, waiting.Token);
        await client.Tasks.StartAsync(id, cancellationToken).ConfigureAwait(false);
        StartedAt = DateTimeOffset.Now;
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        await exit!.WaitAsync(cancellationToken).ConfigureAwait(false);
        await io.DrainAsync(DrainLimit, cancellationToken).ConfigureAwait(false);
    }
}
