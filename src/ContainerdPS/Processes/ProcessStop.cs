using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>Stops a process as asked: a signal, time to end, then SIGKILL.</summary>
internal static class ProcessStop
{
    private const uint Terminate = 15;
    private const uint Kill = 9;

    /// <summary>
    /// Sends the signal (without one that of the image, else SIGTERM), waits, kills. A process that ends in between, or
    /// had ended before, is a success. An infinite patience never kills.
    /// </summary>
    public static async Task<WaitResponse> StopAsync(
        NamespaceClient client, ProcessAddress address, Signal? signal, TimeSpan patience, CancellationToken cancellationToken)
    {
        Process process = await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (process.Status == Status.Stopped)
        {
            return new WaitResponse { ExitStatus = process.ExitStatus, ExitedAt = process.ExitedAt };
        }

        if (process.Status == Status.Created)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"{address.AtStart} in namespace '{client.Namespace}' on '{client.Session.Address}' was never started, so there is nothing to stop. Remove-Container{(address.IsTask ? "Task" : "Process")} -Force removes it.")
            {
                Reason = "TaskStateCreated",
                ObjectKind = address.Kind,
                ObjectId = address.Name,
            };
        }

        uint number = (signal ?? await SignalOfAsync(client, address, cancellationToken).ConfigureAwait(false))?.Number ?? Terminate;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<WaitResponse> end = ProcessExit.WaitAsync(client, address, waiting.Token);
        try
        {
            await SendAsync(client, address, number, all: false, cancellationToken).ConfigureAwait(false);
            await ProcessEnd.ThawAsync(client, address, cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(end, Task.Delay(patience, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!end.IsCompleted)
            {
                await SendAsync(client, address, Kill, all: address.IsTask, cancellationToken).ConfigureAwait(false);
            }

            return await TaskFailures.AskAsync(client, address, () => end, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(NamespaceClient client, ProcessAddress address, uint signal, bool all, CancellationToken cancellationToken)
    {
        try
        {
            await client.Tasks.KillAsync(address, signal, all, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (TaskFailures.IsOver(e))
        {
            // It ended in between.
        }
    }

    /// <summary>The signal the image names; it is about the first process only.</summary>
    private static async Task<Signal?> SignalOfAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        if (!address.IsTask)
        {
            return null;
        }

        Wire.ContainersV1.Container container = await client.Containers.GetAsync(address.Container, cancellationToken).ConfigureAwait(false);
        return container.Labels.TryGetValue(Containers.StopSignal.Label, out string? name) && Signal.TryParse(name, out Signal? signal) ? signal : null;
    }
}
