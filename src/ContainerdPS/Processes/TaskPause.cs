using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>A task paused for the length of an operation, and resumed whatever becomes of that.</summary>
internal sealed class TaskPause
{
    private const int FreezeAttempts = 10;

    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly NamespaceClient client;
    private readonly string id;

    private TaskPause(NamespaceClient client, string id)
    {
        this.client = client;
        this.id = id;
    }

    /// <summary>Pauses the task. When this throws, it is not paused, or it was by somebody else before.</summary>
    public static async Task<TaskPause> BeginAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        var pause = new TaskPause(client, id);
        try
        {
            await Shielded.RunAsync(
                async token =>
                {
                    await TaskFailures.AskAsync(client, id, () => FreezeAsync(client, id, token), token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e) when (e is not ContainerdException { IsOutcomeUnknown: false })
        {
            // It may be paused by now; after a plain refusal it is not, at least not by us.
            await pause.EndAsync().ConfigureAwait(false);
            throw;
        }

        return pause;
    }

    /// <summary>Resumes the task, if it is still there and paused.</summary>
    /// <returns>Why it stays paused; null when it runs, or has ended.</returns>
    public async Task<ContainerdException?> EndAsync()
    {
        using var limit = new CancellationTokenSource(ResumeLimit);
        while (true)
        {
            try
            {
                if (await client.Tasks.FindAsync(id, limit.Token).ConfigureAwait(false) is not { Status: Status.Paused or Status.Pausing })
                {
                    return null;
                }

                await client.Tasks.ResumeAsync(id, limit.Token).ConfigureAwait(false);
                return null;
            }
            catch (OperationCanceledException)
            {
                return StillPaused("the daemon did not answer", null);
            }
            catch (ContainerdException e)
            {
                if (client.Session.Daemon is { HasEnded: true })
                {
                    return Left(e);
                }

                // A daemon that is being restarted answers again; a shim may still be at the dump.
                if (limit.IsCancellationRequested || await DelayedAsync(limit.Token).ConfigureAwait(false))
                {
                    return StillPaused(e.Message.TrimEnd('.'), e);
                }
            }
        }
    }

    /// <summary>On cgroup v1 a task that starts many processes can outrun the freezer; runc then gives up and leaves it running.</summary>
    private static async Task FreezeAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await client.Tasks.PauseAsync(id, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ContainerdException e) when (attempt < FreezeAttempts && e.DaemonMessage?.Contains("unable to freeze", StringComparison.Ordinal) == true)
            {
                await Task.Delay(RetryInterval, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> DelayedAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(RetryInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancellationToken.IsCancellationRequested;
    }

    private ContainerdException StillPaused(string why, Exception? inner) => Paused($"could not be resumed: {why}. Resume it with Resume-ContainerTask {id}.", inner);

    private ContainerdException Left(Exception inner) => Paused("cannot be resumed, as its private daemon has ended. Stop-ContainerdDaemon ends it.", inner);

    private ContainerdException Paused(string what, Exception? inner) => new(
        ContainerdErrorCode.FailedPrecondition, $"The task of the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' is still paused and {what}", inner)
    {
        Reason = "TaskStillPaused",
        ObjectKind = ObjectKinds.Task,
        ObjectId = id,
    };
}
