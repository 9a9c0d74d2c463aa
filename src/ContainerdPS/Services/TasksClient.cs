using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;
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

    /// <summary>The task of a container, or null when it has none.</summary>
    public async Task<Process?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            GetResponse response = await AskAsync(
                ObjectKinds.Task, id, stub.GetAsync(new GetRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);
            return response.Process;
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates the task; its process waits to be started.</summary>
    /// <returns>The process id on the daemon's host.</returns>
    public async Task<int> CreateAsync(CreateTaskRequest request, CancellationToken cancellationToken)
    {
        CreateTaskResponse response = await AskAsync(ObjectKinds.Task, request.ContainerId, stub.CreateAsync(request, Options(cancellationToken))).ConfigureAwait(false);
        return (int)response.Pid;
    }

    /// <summary>Starts the process.</summary>
    /// <returns>The process id on the daemon's host.</returns>
    public async Task<int> StartAsync(string id, CancellationToken cancellationToken)
    {
        StartResponse response = await AskAsync(
            ObjectKinds.Task, id, stub.StartAsync(new StartRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);
        return (int)response.Pid;
    }

    /// <summary>Waits for the process to end; call it before Start, or a short process is missed.</summary>
    public async Task<WaitResponse> WaitAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Task, id, stub.WaitAsync(new WaitRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);

    public async Task KillAsync(string id, uint signal, bool all, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Task, id, stub.KillAsync(new KillRequest { ContainerId = id, Signal = signal, All = all }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Thaws a paused task.</summary>
    public async Task ResumeAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Task, id, stub.ResumeAsync(new ResumeTaskRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Tells the runtime that nothing more comes on stdin.</summary>
    public async Task CloseStdinAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Task, id, stub.CloseIOAsync(new CloseIORequest { ContainerId = id, Stdin = true }, Options(cancellationToken))).ConfigureAwait(false);

    public async Task ResizeAsync(string id, int width, int height, CancellationToken cancellationToken) =>
        await AskAsync(
            ObjectKinds.Task,
            id,
            stub.ResizePtyAsync(new ResizePtyRequest { ContainerId = id, Width = (uint)width, Height = (uint)height }, Options(cancellationToken))).ConfigureAwait(false);

    /// <summary>Deletes a task that has ended, or was never started.</summary>
    public async Task<DeleteResponse> DeleteAsync(string id, CancellationToken cancellationToken) =>
        await AskAsync(ObjectKinds.Task, id, stub.DeleteAsync(new DeleteTaskRequest { ContainerId = id }, Options(cancellationToken))).ConfigureAwait(false);
}
