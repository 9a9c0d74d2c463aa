using ContainerdPS.Mapping;
using ContainerdPS.Services;

namespace ContainerdPS.Processes;

/// <summary>Reads tasks and processes as they are.</summary>
internal static class TaskQuery
{
    private const string DetailsType = "containerd.runc.v1.ProcessDetails";

    public static async Task<ContainerTask> ReadOneAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        return ProcessMapping.ToTask(
            client, id, await TaskFailures.AskAsync(client, id, () => client.Tasks.GetAsync(id, cancellationToken), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The tasks of a namespace, by their containers' ids.</summary>
    public static async Task<IReadOnlyList<ContainerTask>> ReadAllAsync(NamespaceClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, Wire.TaskTypes.Process> tasks = await client.Tasks.ListAsync(cancellationToken).ConfigureAwait(false);
        return tasks.OrderBy(static task => task.Key, StringComparer.Ordinal).Select(task => ProcessMapping.ToTask(client, task.Key, task.Value)).ToArray();
    }

    /// <summary>One process that was executed by an id, also when it has ended.</summary>
    /// <param name="client">Where it is.</param>
    /// <param name="address">The process.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="command">Its command line where that is known: one just started is the runtime's own program for a moment longer.</param>
    public static async Task<ContainerProcess> ReadProcessAsync(
        NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken, string? command = null)
    {
        Identifiers.Validated(ObjectKinds.Container, address.Container);
        Identifiers.Validated(ObjectKinds.Process, address.Exec);
        Wire.TaskTypes.Process wire = await TaskFailures.AskAsync(client, address, () => client.Tasks.GetAsync(address, cancellationToken), cancellationToken).ConfigureAwait(false);
        return ProcessMapping.ToProcess(client, address, wire, command ?? CommandLines.Read(client.Session, (int)wire.Pid));
    }

    /// <summary>All processes that run in a task.</summary>
    public static async Task<IReadOnlyList<ContainerProcess>> ReadProcessesAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        IReadOnlyList<Wire.TaskTypes.ProcessInfo> pids = await TaskFailures.AskAsync(
            client, id, () => client.Tasks.PidsAsync(id, cancellationToken), cancellationToken).ConfigureAwait(false);
        Wire.TaskTypes.Process? task = await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        ContainerStatus status = task is null ? ContainerStatus.Running : ContainerMapping.Status(task.Status);
        return pids.Select(process => new ContainerProcess(client.Session, client.Namespace, id, ExecId(process))
        {
            ProcessId = (int)process.Pid,
            Status = status,
            Command = CommandLines.Read(client.Session, (int)process.Pid),
        }).ToArray();
    }

    private static string ExecId(Wire.TaskTypes.ProcessInfo process) => process.Info is { TypeUrl: DetailsType } details
        ? Wire.RuncOptions.ProcessDetails.Parser.ParseFrom(details.Value).ExecId
        : string.Empty;
}
