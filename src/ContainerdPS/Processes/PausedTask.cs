using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>
/// Holds a running task still for the length of one operation, and lets it go on whatever becomes of that. A task that does
/// not run, or that somebody else has paused, stays as it is.
/// </summary>
internal sealed class PausedTask : IAsyncDisposable
{
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly NamespaceClient client;
    private readonly string container;
    private readonly Action<string>? notice;
    private bool ours;

    private PausedTask(NamespaceClient client, string container, Action<string>? notice)
    {
        this.client = client;
        this.container = container;
        this.notice = notice;
    }

    /// <summary>Pauses the task of a container where it has one that runs.</summary>
    /// <param name="client">The services.</param>
    /// <param name="container">The id of the container.</param>
    /// <param name="notice">Told when the task could not be let go on.</param>
    /// <param name="cancellationToken">Gives up; the task then runs on.</param>
    public static async Task<PausedTask> BeginAsync(NamespaceClient client, string container, Action<string>? notice, CancellationToken cancellationToken)
    {
        var paused = new PausedTask(client, container, notice);
        if (await client.Tasks.FindAsync(container, cancellationToken).ConfigureAwait(false) is not { Status: Status.Running })
        {
            return paused;
        }

        // From here on: a pause whose answer is lost has happened all the same.
        paused.ours = true;
        try
        {
            await Shielded.RunAsync(
                async token =>
                {
                    await TaskFailures.AskAsync(client, container, () => client.Tasks.PauseAsync(container, token), token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return paused;
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && !e.IsOutcomeUnknown)
        {
            await paused.DisposeAsync().ConfigureAwait(false);
            throw new ContainerdException(
                e.Code,
                $"The task of the container '{container}' in namespace '{client.Namespace}' on '{client.Session.Address}' cannot be paused: {e.DaemonMessage.TrimEnd('.', ' ', '\n')}. -NoPause works on it while it runs.",
                e) { Reason = "PauseFailed", ObjectKind = ObjectKinds.Task, ObjectId = container };
        }
        catch
        {
            await paused.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets the task go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!ours)
        {
            return;
        }

        ours = false;

        // The caller's token may be cancelled already, and nobody would think of looking for a paused task.
        using var limit = new CancellationTokenSource(ResumeLimit);
        ContainerdException? failure = null;
        while (!limit.IsCancellationRequested)
        {
            try
            {
                if (await client.Tasks.FindAsync(container, limit.Token).ConfigureAwait(false) is { Status: Status.Paused or Status.Pausing })
                {
                    await client.Tasks.ResumeAsync(container, limit.Token).ConfigureAwait(false);
                }

                return;
            }
            catch (ContainerdException e)
            {
                failure = e;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(RetryDelay, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        notice?.Invoke($"The task of the container '{container}' in namespace '{client.Namespace}' was paused and could not be let go on: {failure?.Message.TrimEnd('.') ?? "the daemon did not answer"}. Resume-ContainerTask does so.");
    }
}
