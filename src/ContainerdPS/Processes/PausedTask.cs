using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>
/// Holds a running task still for the length of one operation, and lets it go on whatever becomes of that. A task that does
/// not run, or that somebody else has paused, stays as it is.
/// </summary>
internal sealed class PausedTask : IAsyncDisposable
{
    private readonly Action<string>? notice;
    private TaskPause? pause;

    private PausedTask(TaskPause? pause, Action<string>? notice)
    {
        this.pause = pause;
        this.notice = notice;
    }

    /// <summary>Pauses the task of a container where it has one that runs.</summary>
    /// <param name="client">The services.</param>
    /// <param name="container">The id of the container.</param>
    /// <param name="notice">Told when the task could not be let go on.</param>
    /// <param name="cancellationToken">Gives up; the task then runs on.</param>
    public static async Task<PausedTask> BeginAsync(NamespaceClient client, string container, Action<string>? notice, CancellationToken cancellationToken)
    {
        if (await client.Tasks.FindAsync(container, cancellationToken).ConfigureAwait(false) is not { Status: Status.Running })
        {
            return new PausedTask(null, notice);
        }

        try
        {
            return new PausedTask(await TaskPause.BeginAsync(client, container, cancellationToken).ConfigureAwait(false), notice);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null && !e.IsOutcomeUnknown)
        {
            throw new ContainerdException(
                e.Code,
                $"The task of the container '{container}' in namespace '{client.Namespace}' on '{client.Session.Address}' cannot be paused: {e.DaemonMessage.TrimEnd('.', ' ', '\n')}. -NoPause works on it while it runs.",
                e) { Reason = "PauseFailed", ObjectKind = ObjectKinds.Task, ObjectId = container };
        }
    }

    /// <summary>Lets the task go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (pause is not null && await pause.EndAsync().ConfigureAwait(false) is { } failure)
        {
            notice?.Invoke(failure.Message);
        }

        pause = null;
    }
}
