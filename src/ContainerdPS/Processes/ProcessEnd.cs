using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>Ends processes and deletes what the daemon keeps of them.</summary>
internal static class ProcessEnd
{
    private const uint Kill = 9;

    /// <summary>Deletes a process that has ended. One that runs is refused, as the daemon would, but in plain words.</summary>
    public static async Task<DeleteResponse> DeleteAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        Process process = await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        bool deletable = process.Status is Status.Stopped or Status.Unknown || (process.Status == Status.Created && process.Pid == 0);
        if (!deletable)
        {
            throw Refusal(client, address, process);
        }

        return await DeleteAsync(client, address, process, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Kills the process, with a task every process in it, waits for the end and deletes it. None is no error.</summary>
    /// <returns>How it ended; null when there was none.</returns>
    public static async Task<DeleteResponse?> ForceAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        if (await client.Tasks.FindAsync(address, cancellationToken).ConfigureAwait(false) is not { } process)
        {
            // A task whose shim was killed vanishes by itself, without what was around it.
            if (address.IsTask)
            {
                LastingFifos.RemoveAll(client, address.Container);
            }

            return null;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<WaitResponse> end = client.Tasks.WaitAsync(address, waiting.Token);
        try
        {
            try
            {
                await ThawAsync(client, address, cancellationToken).ConfigureAwait(false);
                await client.Tasks.KillAsync(address, Kill, all: address.IsTask, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (TaskFailures.IsOver(e) || e.Code is ContainerdErrorCode.FailedPrecondition or ContainerdErrorCode.Unknown)
            {
                // It ended by itself, or was never started; whether it is so, the deletion tells.
            }

            try
            {
                // A created process was never started, so nothing ends: the daemon deletes it as it is.
                if (await client.Tasks.FindAsync(address, cancellationToken).ConfigureAwait(false) is { Status: not Status.Created })
                {
                    await end.ConfigureAwait(false);
                }
            }
            catch (ContainerdException e) when (e.Code is not ContainerdErrorCode.Unavailable)
            {
                // Gone before it could be waited for.
            }

            try
            {
                return await DeleteAsync(client, address, process, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
            {
                // Somebody deleted it first.
                return null;
            }
        }
        finally
        {
            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A frozen process takes a signal only once it thaws.</summary>
    public static async Task ThawAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        if (await client.Tasks.FindAsync(address.Container, cancellationToken).ConfigureAwait(false) is { Status: Status.Paused or Status.Pausing })
        {
            await client.Tasks.ResumeAsync(address.Container, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Its fifos go with it: those of a task that nobody is attached to have no other owner.</summary>
    private static async Task<DeleteResponse> DeleteAsync(NamespaceClient client, ProcessAddress address, Process process, CancellationToken cancellationToken)
    {
        DeleteResponse response = await TaskFailures.AskAsync(client, address, () => client.Tasks.DeleteAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (TaskStdio.Existing(process.Stdin, process.Stdout, process.Stderr, process.Terminal).Fifos is { } fifos)
        {
            KeptOutput.Remove(fifos);
        }

        if (address.IsTask)
        {
            LastingFifos.RemoveAll(client, address.Container);
        }

        return response;
    }

    private static ContainerdException Refusal(NamespaceClient client, ProcessAddress address, Process process)
    {
        string state = Mapping.ContainerMapping.Status(process.Status).ToString().ToLowerInvariant();
        return TaskFailures.Refusal(
            client,
            address,
            address.IsTask ? "TaskNotStopped" : "ProcessNotStopped",
            $"has not ended ({state}, process {process.Pid}). Stop it first, or add -Force to kill and remove it.");
    }
}
