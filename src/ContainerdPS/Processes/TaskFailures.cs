using System.Text.RegularExpressions;
using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Says in plain words what the daemon and the runtime say about processes in their own.</summary>
internal static partial class TaskFailures
{
    /// <summary>Makes a call about a process and explains its failure.</summary>
    public static async Task<T> AskAsync<T>(NamespaceClient client, ProcessAddress address, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.DaemonMessage is not null)
        {
            throw await ExplainAsync(client, address, e, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="AskAsync{T}"/>
    public static Task AskAsync(NamespaceClient client, ProcessAddress address, Func<Task> call, CancellationToken cancellationToken) => AskAsync(
        client,
        address,
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Whether a failure says that the process is at its end already, so that there is nothing left to end.</summary>
    public static bool IsOver(ContainerdException e) =>
        e.Code == ContainerdErrorCode.NotFound || Says(e, "process already finished") || Says(e, "no such process") || Says(e, "container not running");

    private static async Task<ContainerdException> ExplainAsync(NamespaceClient client, ProcessAddress address, ContainerdException e, CancellationToken cancellationToken)
    {
        string where = $"in namespace '{client.Namespace}' on '{client.Session.Address}'";
        if (CreationFailures.Explain(client, address, e) is { } explained)
        {
            return explained;
        }

        if (e.Code == ContainerdErrorCode.NotFound && !Says(e, "executable file not found") && !Says(e, "no such file"))
        {
            return await NotFoundAsync(client, address, where, e, cancellationToken).ConfigureAwait(false);
        }

        if (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            return address.IsTask
                ? Failure(e, address, e.Code, "TaskAlreadyExists", $"The container '{address.Container}' {where} has a task already. Restart-ContainerTask starts it anew; Remove-ContainerTask removes it once it has ended, with -Force also before.")
                : Failure(e, address, e.Code, "ProcessAlreadyExists", $"The container '{address.Container}' {where} has a process '{address.Exec}' already. Choose another -Id, or remove that one with Remove-ContainerProcess once it has ended.");
        }

        if (WorkingDirectory().Match(e.DaemonMessage!) is { Success: true } folder)
        {
            return Failure(e, address, ContainerdErrorCode.NotFound, "WorkingDirectoryNotFound", $"The working directory '{folder.Groups["path"].Value}' cannot be entered in the container '{address.Container}' {where}: {folder.Groups["why"].Value}. Give a folder that is there with -WorkingDirectory.");
        }

        if (Says(e, "executable file not found") || (Says(e, "exec: ") && Says(e, "no such file or directory")))
        {
            return Failure(e, address, ContainerdErrorCode.NotFound, "CommandNotFound", $"The command is not in the container '{address.Container}' {where}: {Short(e)}. Give one that is, by its absolute path where it is not on the PATH inside.");
        }

        if (Says(e, "exec: ") && Says(e, "permission denied"))
        {
            return Failure(e, address, ContainerdErrorCode.PermissionDenied, "CommandNotExecutable", $"The command in the container '{address.Container}' {where} may not be executed: {Short(e)}.");
        }

        foreach (string state in (string[])["stopped", "paused", "pausing", "created", "deleted", "running"])
        {
            if (Says(e, $" {state} state") || Says(e, $"a {state} process") || Says(e, $"a {state} container"))
            {
                return Failure(e, address, ContainerdErrorCode.FailedPrecondition, "TaskState" + char.ToUpperInvariant(state[0]) + state[1..], State(e, address, state, where));
            }
        }

        if (Says(e, "ttrpc: closed") || Says(e, "ttrpc: client shutting down"))
        {
            return Failure(e, address, ContainerdErrorCode.Unavailable, "ShimDied", $"The shim of {address} {where} is gone: it crashed or was killed, and what it ran with it. Remove-ContainerTask -Force clears what is left; the daemon's log says why.");
        }

        return e;
    }

    private static async Task<ContainerdException> NotFoundAsync(
        NamespaceClient client, ProcessAddress address, string where, ContainerdException e, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.GetAsync(address.Container, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException missing) when (missing.Code == ContainerdErrorCode.NotFound)
        {
            return missing;
        }

        bool taskGone = address.IsTask || await client.Tasks.FindAsync(address.Container, cancellationToken).ConfigureAwait(false) is null;
        return taskGone
            ? NoTask(client, address.Container, e)
            : Failure(e, address, ContainerdErrorCode.NotFound, "ProcessNotFound", $"There is no process '{address.Exec}' in the container '{address.Container}' {where}; it may have ended and been removed. Get-ContainerProcess lists those there are.");
    }

    public static ContainerdException NoTask(NamespaceClient client, string container, Exception? inner = null) => new(
        ContainerdErrorCode.NotFound,
        $"The container '{container}' in namespace '{client.Namespace}' on '{client.Session.Address}' has no task: nothing runs in it. Start-ContainerTask starts one.",
        inner)
    {
        Reason = "TaskNotFound",
        ObjectKind = ObjectKinds.Task,
        ObjectId = container,
    };

    /// <summary>What a process is not in the state for.</summary>
    /// <param name="client">Where it is.</param>
    /// <param name="address">The process.</param>
    /// <param name="reason">The id of the error.</param>
    /// <param name="what">What it is or does, and what to do: the rest of the text that begins with the process.</param>
    public static ContainerdException Refusal(NamespaceClient client, ProcessAddress address, string reason, string what)
    {
        return new ContainerdException(
            ContainerdErrorCode.FailedPrecondition,
            $"{address.AtStart} in namespace '{client.Namespace}' on '{client.Session.Address}' {what}")
        {
            Reason = reason,
            ObjectKind = address.Kind,
            ObjectId = address.Name,
        };
    }

    /// <summary>The failure of what cannot be done with a task in the state it is in.</summary>
    /// <param name="client">Where it is.</param>
    /// <param name="address">The task, or a process in it.</param>
    /// <param name="state">The state in the daemon's words: created, paused, stopped.</param>
    public static ContainerdException InState(NamespaceClient client, ProcessAddress address, string state) =>
        new(ContainerdErrorCode.FailedPrecondition, State(e: null, address, state, $"in namespace '{client.Namespace}' on '{client.Session.Address}'"))
        {
            Reason = "TaskState" + char.ToUpperInvariant(state[0]) + state[1..],
            ObjectKind = address.Kind,
            ObjectId = address.Name,
        };

    private static string State(ContainerdException? e, ProcessAddress address, string state, string where) => state switch
    {
        "running" when e is not null && Says(e, "resume") => $"The task of the container '{address.Container}' {where} is not paused, so there is nothing to resume: it runs.",
        "running" => $"The task of the container '{address.Container}' {where} runs. Stop-ContainerTask stops it first.",
        "paused" when e is not null && Says(e, "cannot pause") => $"The task of the container '{address.Container}' {where} is paused already. Resume-ContainerTask lets it go on.",
        "paused" or "pausing" => $"The task of the container '{address.Container}' {where} is paused. Resume-ContainerTask lets it go on first.",
        "created" => $"The task of the container '{address.Container}' {where} is created and not yet started. Start-ContainerTask starts it.",
        _ => $"The task of the container '{address.Container}' {where} has ended. Restart-ContainerTask starts it anew.",
    };

    /// <summary>The last part of a chain of wrapped messages is the one that says it.</summary>
    private static string Short(ContainerdException e)
    {
        string text = e.DaemonMessage!.Replace(": unknown", string.Empty, StringComparison.Ordinal).TrimEnd('.', ' ', '\n');
        int exec = text.LastIndexOf("exec: ", StringComparison.Ordinal);
        return exec < 0 ? text : text[(exec + "exec: ".Length)..];
    }

    // What runc says of a process that joins, and of one for which it makes the folder first.
    [GeneratedRegex("""(chdir to cwd \("(?<path>[^"]*)"\) set in config.json failed|error during container init: mkdir (?<path>/[^:]*)): (?<why>[^:.\n]*)""")]
    private static partial Regex WorkingDirectory();

    private static bool Says(ContainerdException e, string words) => (e.DaemonMessage ?? e.Message).Contains(words, StringComparison.OrdinalIgnoreCase);

    private static ContainerdException Failure(ContainerdException e, ProcessAddress address, ContainerdErrorCode code, string reason, string message) =>
        new(code, message, e) { Reason = reason, ObjectKind = address.Kind, ObjectId = address.Name };
}
