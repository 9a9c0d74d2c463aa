using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Containers;

/// <summary>Removes a container without leaving a shim, a task or a snapshot nobody can reach.</summary>
internal static class ContainerRemoval
{
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

            await ProcessEnd.ForceAsync(client, id, cancellationToken).ConfigureAwait(false);
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
        LastingFifos.RemoveAll(client, id);
    }

    private static ContainerdException Refusal(NamespaceClient client, string id, Process task)
    {
        ContainerStatus status = Mapping.ContainerMapping.Status(task.Status);
        string state = status.ToString().ToLowerInvariant();
        string pid = task.Pid > 0 ? $", process {task.Pid}" : string.Empty;
        return new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            status == ContainerStatus.Stopped
                ? $"Cannot delete the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}': its task has ended, but is still there ({state}{pid}). Remove-ContainerTask takes it away, -PassThru of it gives its exit status; -Force here removes both."
                : $"Cannot delete running task {id}: the container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has a task ({state}{pid}). Stop it first, or add -Force to kill and remove it.")
        {
            Reason = "ContainerHasTask",
            ObjectKind = ObjectKinds.Container,
            ObjectId = id,
        };
    }
}
