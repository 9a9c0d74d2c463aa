using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Containers;

/// <summary>Removes a container without leaving a shim, a task or a snapshot nobody can reach.</summary>
internal static class ContainerRemoval
{
    private const uint Kill = 9;

    /// <summary>The server does not check for a task: a record deleted under one leaves a shim that nobody can reach.</summary>
    public static async Task RemoveAsync(NamespaceClient client, string id, bool force, bool keepSnapshot, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } task)
        {
            if (!force)
            {
                throw Refusal(client, id, task);
            }

            await EndTaskAsync(client, id, cancellationToken).ConfigureAwait(false);
        }

        if (keepSnapshot && container.SnapshotKey.Length > 0)
        {
            // Without its container nothing refers to it, and the daemon would collect it sooner or later.
            await client.Snapshots.KeepAsync(container.Snapshotter, container.SnapshotKey, cancellationToken).ConfigureAwait(false);
        }
        else if (container.SnapshotKey.Length > 0)
        {
            try
            {
                await client.Snapshots.RemoveAsync(container.Snapshotter, container.SnapshotKey, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
            {
                // Somebody removed it first.
            }
        }

        await client.Containers.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Kills what runs in the container, waits for its end and deletes the task. No task is no error.</summary>
    public static async Task EndTaskAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Wire.TasksV1.WaitResponse> end = client.Tasks.WaitAsync(id, waiting.Token);
        try
        {
            try
            {
                await ResumeAsync(client, id, cancellationToken).ConfigureAwait(false);
                await client.Tasks.KillAsync(id, Kill, all: true, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (IsOver(e))
            {
                // It ended by itself.
            }

            try
            {
                // A created task was never started, so nothing ends: the daemon deletes it as it is.
                if (await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { Status: Status.Created })
                {
                    await end.ConfigureAwait(false);
                }
            }
            catch (ContainerdException e) when (IsOver(e))
            {
                // Gone before it could be waited for.
            }

            try
            {
                await client.Tasks.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
            {
                // Somebody deleted it first.
            }
        }
        finally
        {
            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ResumeAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        // A frozen process takes its SIGKILL only once it thaws (cgroup v1).
        if (await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Status: Status.Paused or Status.Pausing })
        {
            await client.Tasks.ResumeAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsOver(ContainerdException e) =>
        e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.FailedPrecondition
        || (e.Code == ContainerdErrorCode.Unknown && e.Message.Contains("process already finished", StringComparison.Ordinal));

    private static ContainerdException Refusal(NamespaceClient client, string id, Process task)
    {
        string state = Mapping.ContainerMapping.Status(task.Status).ToString().ToLowerInvariant();
        string pid = task.Pid > 0 ? $", process {task.Pid}" : string.Empty;
        return new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            $"Cannot delete running task {id}: the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has a task ({state}{pid}). Stop it first, or add -Force to kill and remove it.")
        {
            Reason = "ContainerHasTask",
            ObjectKind = ObjectKinds.Container,
            ObjectId = id,
        };
    }
}
