using ContainerdPS.Files;
using ContainerdPS.Oci;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Containers.Roots;

/// <summary>Opens the files of containers on the daemon's own host: a running one's as it sees them, else its snapshot's.</summary>
internal static class ContainerRoots
{
    private const int MostAttempts = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Opens the files of a container.</summary>
    /// <exception cref="ContainerdException">There is no such container, or its files are not here, or may not be accessed.</exception>
    public static async Task<FileRoot> OpenAsync(NamespaceClient client, string id, bool forWriting, CancellationToken cancellationToken)
    {
        (Wire.ContainersV1.Container container, RuntimeSpec? spec, DaemonProcess daemon) = await FindAsync(client, id, cancellationToken).ConfigureAwait(false);
        Process? task = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        for (int attempt = 1; task is not null && IsAlive(task); attempt++)
        {
            if (await TaskRoot.OpenAsync(client, container, spec, (int)task.Pid, daemon, cancellationToken).ConfigureAwait(false) is { } running)
            {
                return running;
            }

            if (attempt == MostAttempts)
            {
                throw CopyErrors.Make(
                    ContainerdErrorCode.FailedPrecondition,
                    "ContainerNotAccessible",
                    $"The daemon says that the container '{id}' runs as process {task.Pid}, and there is no such process on this machine.");
            }

            // It has just ended, and the daemon is about to hear of it.
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            task = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<Mount> mounts = await TaskCreation.RootAsync(client, container, cancellationToken).ConfigureAwait(false);
        return task is { Status: Status.Unknown } && forWriting
            ? throw CopyErrors.Make(
                ContainerdErrorCode.FailedPrecondition,
                "TaskStateUnknown",
                $"The state of the task of the container '{id}' is not known: its shim does not answer. Files can be copied out of it, but not into it, as it may be running. Remove-ContainerTask -Force clears the task.")
            : SnapshotRoot.Open(container, spec, mounts, daemon, forWriting);
    }

    /// <summary>Opens the files of a container only if it runs; null if it does not.</summary>
    public static async Task<FileRoot?> OpenRunningAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        (Wire.ContainersV1.Container container, RuntimeSpec? spec, DaemonProcess daemon) = await FindAsync(client, id, cancellationToken).ConfigureAwait(false);
        return await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } task && IsAlive(task)
            ? await TaskRoot.OpenAsync(client, container, spec, (int)task.Pid, daemon, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Whether a process of the task is there: a created or paused one has its files as a running one does.</summary>
    public static bool IsAlive(Process task) => task.Pid > 0 && task.Status is Status.Created or Status.Running or Status.Paused or Status.Pausing;

    private static async Task<(Wire.ContainersV1.Container Container, RuntimeSpec? Spec, DaemonProcess Daemon)> FindAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        string address = client.Session.Address;
        if (!OperatingSystem.IsLinux() || !client.Session.IsLocal)
        {
            throw DaemonProcess.Elsewhere(address, OperatingSystem.IsLinux() ? "the session goes over a network" : "this machine is not Linux");
        }

        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return (container, container.Spec is { Value.IsEmpty: false } wire ? SpecJson.Parse(wire.Value.Span) : null, DaemonProcess.Find(address));
    }
}
