using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Processes;

/// <summary>Starts tasks that nobody is attached to, and starts them anew.</summary>
internal static class TaskStart
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(15);

    /// <summary>Starts the container's task; one that is not there yet is created first, and goes again when it does not start.</summary>
    /// <param name="client">Where the container is.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="request">How to create the task.</param>
    /// <param name="saysHow">Whether the request says anything: a task that is there already cannot follow it.</param>
    /// <param name="cancellationToken">Ends it; a task made here does not stay.</param>
    public static async Task StartAsync(NamespaceClient client, string id, TaskRequest request, bool saysHow, CancellationToken cancellationToken)
    {
        Process? present = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (present is not null)
        {
            Refuse(client, id, present, saysHow);
            await StartAsync(client, id, present, null, staysTask: true, cancellationToken).ConfigureAwait(false);
            return;
        }

        await TaskCreation.CreateAsync(client, id, request, cancellationToken).ConfigureAwait(false);
        try
        {
            await StartAsync(client, id, await client.Tasks.GetAsync(id, cancellationToken).ConfigureAwait(false), request.CriuFolder, staysTask: false, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            using var limit = new CancellationTokenSource(CleanUpLimit);
            try
            {
                await ProcessEnd.ForceAsync(client, id, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // Why it did not start is what must be told.
            }

            throw;
        }
    }

    /// <summary>Stops the task where it runs, removes it, and starts another with the streams it had. A failure to make the new one leaves none.</summary>
    public static async Task RestartAsync(NamespaceClient client, string id, Signal? signal, TimeSpan patience, CancellationToken cancellationToken)
    {
        Process process = await TaskFailures.AskAsync(client, id, () => client.Tasks.GetAsync(id, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (process.Status == Status.Created)
        {
            await ProcessEnd.ForceAsync(client, id, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ProcessStop.StopAsync(client, id, signal, patience, cancellationToken).ConfigureAwait(false);
            await ProcessEnd.DeleteAsync(client, id, cancellationToken).ConfigureAwait(false);
        }

        var request = new TaskRequest
        {
            LogUri = process.Stdout.Contains("://", StringComparison.Ordinal) ? process.Stdout : null,
            Attachable = process.Stdout.StartsWith('/'),
        };
        await StartAsync(client, id, request, saysHow: false, cancellationToken).ConfigureAwait(false);
    }

    private static async Task StartAsync(NamespaceClient client, string id, Process created, string? criuFolder, bool staysTask, CancellationToken cancellationToken)
    {
        // Only what is to be restored from a checkpoint has no process yet; its shim opens the outputs now, and waits for readers.
        bool isRestored = created.Pid == 0;
        using FifoHold? readers = isRestored ? FifoHold.Open(created.Stdout, created.Stderr) : null;
        await TaskFailures.AskAsync(
            client,
            id,
            () => isRestored ? Checkpoints.CriuFailures.RestoreAsync(client, id, criuFolder, staysTask, cancellationToken) : client.Tasks.StartAsync(id, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private static void Refuse(NamespaceClient client, string id, Process present, bool saysHow)
    {
        string which = $"The container '{id}' in namespace '{client.Namespace}' on '{client.Session.Address}' has a task already";
        if (present.Status != Status.Created)
        {
            string state = Mapping.ContainerMapping.Status(present.Status).ToString();
            string advice = present.Status switch
            {
                Status.Stopped => "Restart-ContainerTask starts it anew; Remove-ContainerTask removes it.",
                Status.Paused or Status.Pausing => "Resume-ContainerTask lets it go on.",
                _ => "Restart-ContainerTask stops it and starts it anew.",
            };
            throw Failure(id, "TaskState" + state, $"{which} ({state.ToLowerInvariant()}). {advice}");
        }

        if (saysHow)
        {
            throw Failure(id, "TaskAlreadyExists", $"{which}, created and not started, and how it was created cannot be changed. Start it without those parameters, or remove it with Remove-ContainerTask -Force first.");
        }
    }

    private static ContainerdException Failure(string id, string reason, string message) =>
        new(ContainerdErrorCode.FailedPrecondition, message) { Reason = reason, ObjectKind = ObjectKinds.Task, ObjectId = id };
}
