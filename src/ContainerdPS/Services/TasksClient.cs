using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Services;

/// <summary>containerd.services.tasks.v1: what runs in containers.</summary>
internal sealed class TasksClient(CallInvoker invoker) : ServiceClient
{
    private readonly Tasks.TasksClient stub = new(invoker);

    /// <summary>Every task of the namespace by its container's id: the daemon ignores a filter here.</summary>
    public async Task<Dictionary<string, Process>> ListAsync(CancellationToken cancellationToken)
    {
        ListTasksResponse response = await stub.ListAsync(new ListTasksRequest(), Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        var tasks = new Dictionary<string, Process>(response.Tasks.Count, StringComparer.Ordinal);
        foreach (Process task in response.Tasks)
        {
            // 1.6 puts the container's id into Id and leaves ContainerId empty.
            tasks[task.ContainerId.Length > 0 ? task.ContainerId : task.Id] = task;
        }

        return tasks;
    }

    /// <summary>The process, or null when there is none.</summary>
    public async Task<Process?> FindAsync(ProcessAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    public async Task<Process> GetAsync(ProcessAddress address, CancellationToken cancellationToken)
    {
        GetResponse response = await AskAsync(
            address, stub.GetAsync(new GetRequest { ContainerId = address.Container, ExecId = address.Exec }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Process;
    }

    /// <summary>Creates the task; its process waits to be started.</summary>
    /// <returns>The process id on the daemon's host.</returns>
    public async Task<int> CreateAsync(CreateTaskRequest request, CancellationToken cancellationToken)
    {
        CreateTaskResponse response = await MakeAsync(ObjectKinds.Task, request.ContainerId, options => stub.CreateAsync(request, options), cancellationToken).ConfigureAwait(false);
        return (int)response.Pid;
    }

    /// <summary>Adds a further process to a running task; it waits to be started.</summary>
    public async Task ExecAsync(ExecProcessRequest request, CancellationToken cancellationToken) =>
        await MakeAsync(ObjectKinds.Process, request.ExecId, options => stub.ExecAsync(request, options), cancellationToken).ConfigureAwait(false);

    /// <summary>Starts the process.</summary>
    /// <returns>The process id on the daemon's host.</returns>
    public async Task<int> StartAsync(ProcessAddress address, CancellationToken cancellationToken)
    {
        StartResponse response = await MakeAsync(
            address.Kind, address.Name, options => stub.StartAsync(new StartRequest { ContainerId = address.Container, ExecId = address.Exec }, options), cancellationToken).ConfigureAwait(false);
        return (int)response.Pid;
    }

    /// <summary>Waits for the process to end; call it before Start, or a short process is missed.</summary>
    public async Task<WaitResponse> WaitAsync(ProcessAddress address, CancellationToken cancellationToken) =>
        await AskAsync(
            address, stub.WaitAsync(new WaitRequest { ContainerId = address.Container, ExecId = address.Exec }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Sends a signal, to one process or to every process of the task.</summary>
    public async Task KillAsync(ProcessAddress address, uint signal, bool all, CancellationToken cancellationToken) =>
        await AskAsync(
            address,
            stub.KillAsync(
                new KillRequest { ContainerId = address.Container, ExecId = address.Exec, Signal = signal, All = all }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Freezes every process of a task.</summary>
    public async Task PauseAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Task, id, stub.PauseAsync(new PauseTaskRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Thaws a paused task.</summary>
    public async Task ResumeAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Task, id, stub.ResumeAsync(new ResumeTaskRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Dumps the processes of a task into the content store, or into a folder that the options name. It pauses nothing.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="options">How: the runtime's own type.</param>
    /// <param name="parent">The digest of an earlier dump to build on; empty for none.</param>
    /// <param name="cancellationToken">Gives up the wait: the runtime may go on.</param>
    /// <returns>The dump and the container's spec; nothing when it went into a folder.</returns>
    public async Task<IReadOnlyList<Wire.Types.ContentDescriptor>> CheckpointAsync(string id, Any options, string parent, CancellationToken cancellationToken)
    {
        var request = new CheckpointTaskRequest { ContainerId = id, Options = options, ParentCheckpoint = parent };
        CheckpointTaskResponse response = await AskAsync(ObjectKinds.Task, id, stub.CheckpointAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return response.Descriptors;
    }

    /// <summary>Tells the runtime that nothing more comes on stdin.</summary>
    public async Task CloseStdinAsync(ProcessAddress address, CancellationToken cancellationToken) =>
        await AskAsync(
            address,
            stub.CloseIOAsync(
                new CloseIORequest { ContainerId = address.Container, ExecId = address.Exec, Stdin = true }, Options(cancellationToken))).ConfigureAwait(false);

    public async Task ResizeAsync(ProcessAddress address, int width, int height, CancellationToken cancellationToken) =>
        await AskAsync(
            address,
            stub.ResizePtyAsync(
                new ResizePtyRequest { ContainerId = address.Container, ExecId = address.Exec, Width = (uint)width, Height = (uint)height },
                Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>The processes in a task, the runtime's word: each with details where it was executed by an id.</summary>
    public async Task<IReadOnlyList<ProcessInfo>> PidsAsync(string id, CancellationToken cancellationToken)
    {
        ListPidsResponse response = await AskAsync(
            ObjectKinds.Task, id, stub.ListPidsAsync(new ListPidsRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);
        return response.Processes;
    }

    /// <summary>Changes the limits of a running task: an OCI LinuxResources or WindowsResources in JSON.</summary>
    public async Task UpdateAsync(string id, Any resources, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        var request = new UpdateTaskRequest { ContainerId = id, Resources = resources };
        foreach ((string key, string value) in annotations)
        {
            request.Annotations.Add(key, value);
        }

        await AskAsync(ObjectKinds.Task, id, stub.UpdateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>The meters of tasks. The filters are containerd's own (<c>id==NAME</c>); without one all running tasks are measured.</summary>
    public async Task<IReadOnlyList<Wire.Types.Metric>> MetricsAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var request = new MetricsRequest();
        request.Filters.AddRange(filters);
        MetricsResponse response = await stub.MetricsAsync(request, Options(cancellationToken)).ResponseAsync.ConfigureAwait(false);
        return response.Metrics;
    }

    /// <summary>Deletes a process that has ended, or was never started.</summary>
    public async Task<DeleteResponse> DeleteAsync(ProcessAddress address, CancellationToken cancellationToken) => address.IsTask
        ? await AskAsync(address, stub.DeleteAsync(new DeleteTaskRequest { ContainerId = address.Container }, Options(cancellationToken))).ConfigureAwait(false)
        : await AskAsync(
            address,
            stub.DeleteProcessAsync(new DeleteProcessRequest { ContainerId = address.Container, ExecId = address.Exec }, Options(cancellationToken))).ConfigureAwait(false);

    private static Task<T> AskAsync<T>(ProcessAddress address, AsyncUnaryCall<T> call) => AskAsync(address.Kind, address.Name, call);
}
