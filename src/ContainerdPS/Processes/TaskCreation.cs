using ContainerdPS.Services;
using ContainerdPS.TaskIO;
using ContainerdPS.Wire.RuncOptions;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.Types;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Processes;

/// <summary>Creates the task of a container: its root filesystem, its streams, its runtime options.</summary>
internal static class TaskCreation
{
    private const string NullDevice = "/dev/null";
    private const string RuncOptionsType = "containerd.runc.v1.Options";

    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LostShimLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LostShimPace = TimeSpan.FromMilliseconds(50);

    /// <summary>Creates a task that nobody is attached to. When it fails, no fifo is left.</summary>
    public static async Task<ContainerTask> CreateAsync(NamespaceClient client, string id, TaskRequest request, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, id);
        Wire.ContainersV1.Container container = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        TaskStdio stdio = Stdio(client, container, request);
        try
        {
            await CreateAsync(client, container, request, stdio, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (stdio.Fifos is { } made)
            {
                KeptOutput.Remove(made);
            }

            throw;
        }

        try
        {
            if (TaskLog.PathOf(stdio.Stdout) != NullDevice)
            {
                await TaskLog.KeepAsync(client, container, stdio, cancellationToken).ConfigureAwait(false);
            }

            return Mapping.ProcessMapping.ToTask(client, id, await client.Tasks.GetAsync(id, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await TakeBackAsync(client, id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates a task with streams that are open already.</summary>
    public static async Task CreateAsync(
        NamespaceClient client, Wire.ContainersV1.Container container, TaskRequest request, TaskStdio stdio, CancellationToken cancellationToken)
    {
        var create = new CreateTaskRequest
        {
            ContainerId = container.Id,
            Stdin = stdio.Stdin,
            Stdout = stdio.Stdout,
            Stderr = stdio.Stderr,
            Terminal = stdio.Terminal,
            Checkpoint = request.Checkpoint,
            Options = Options(container, request),
        };
        create.Rootfs.AddRange(await RootAsync(client, container, cancellationToken).ConfigureAwait(false));
        create.Rootfs.AddRange(request.Mounts);
        try
        {
            await TaskFailures.AskAsync(client, container.Id, () => SendAsync(client, create, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            // The daemon may have created it all the same.
            await TakeBackAsync(client, container.Id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes the task of a creation that failed, whatever became of its token.</summary>
    private static async Task TakeBackAsync(NamespaceClient client, string id)
    {
        using var limit = new CancellationTokenSource(TakeBackLimit);
        try
        {
            await ProcessEnd.ForceAsync(client, id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Why the creation failed is what must be told.
        }
    }

    /// <summary>
    /// Creates it. A daemon whose shim was lost holds the id of its task for a moment longer, while it says that there is
    /// none: that passes.
    /// </summary>
    private static async Task SendAsync(NamespaceClient client, CreateTaskRequest create, CancellationToken cancellationToken)
    {
        long since = Environment.TickCount64;
        while (true)
        {
            try
            {
                await client.Tasks.CreateAsync(create, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists && Environment.TickCount64 - since < LostShimLimit.TotalMilliseconds)
            {
                if (await client.Tasks.FindAsync(create.ContainerId, cancellationToken).ConfigureAwait(false) is not null)
                {
                    throw;
                }
            }

            await Task.Delay(LostShimPace, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the container's first process is to have a terminal.</summary>
    public static bool HasTerminal(Wire.ContainersV1.Container container) =>
        container.Spec is { Value.IsEmpty: false } spec && Oci.SpecJson.Parse(spec.Value.Span).Process?.Terminal == true;

    /// <summary>The mounts of the container's snapshot, with its SELinux label; empty where it has none.</summary>
    public static async Task<IReadOnlyList<Mount>> RootAsync(NamespaceClient client, Wire.ContainersV1.Container container, CancellationToken cancellationToken)
    {
        if (container.SnapshotKey.Length == 0)
        {
            return [];
        }

        IReadOnlyList<Mount> mounts = await client.Snapshots.MountsAsync(container.Snapshotter, container.SnapshotKey, cancellationToken).ConfigureAwait(false);
        string? label = container.Spec is null ? null : Oci.SpecJson.Parse(container.Spec.Value.Span).Linux?.MountLabel;
        if (!string.IsNullOrEmpty(label))
        {
            foreach (Mount mount in mounts)
            {
                mount.Options.Add($"context=\"{label}\"");
            }
        }

        return mounts;
    }

    private static TaskStdio Stdio(NamespaceClient client, Wire.ContainersV1.Container container, TaskRequest request)
    {
        bool terminal = HasTerminal(container);
        if (request.LogPath is not null || request.LogUri is not null)
        {
            TaskStdio log = request.LogPath is not null ? TaskStdio.LogFile(request.LogPath, terminal) : TaskStdio.LogUri(request.LogUri!, terminal);
            return !terminal || TaskLog.PathOf(log.Stdout) is null ? log : throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The container '{container.Id}' in namespace '{client.Namespace}' has a terminal, and what a terminal shows cannot go into a log file: its shim takes fifos, or a program (-LogUri binary:///PATH). Make the container without -Terminal, or leave the log out.") { Reason = "TerminalLog" };
        }

        if (request.Checkpoint is not null && !request.Attachable && !terminal)
        {
            // For no output the shim would hand its own /dev/null to restored processes, and with a file from outside the
            // container CRIU cannot dump them again. What it copies into one goes through a pipe, which it can.
            return TaskStdio.LogFile(NullDevice);
        }

        // A terminal's output has to go somewhere: the shim copies it into a fifo, which keeps what fits until somebody attaches.
        // It opens them for writing first, and waits until they are open for reading; later it holds both ends itself.
        return request.Attachable || terminal
            ? TaskStdio.FromFifos(LastingFifos.Create(client, container.Id, terminal, request.FifoDirectory))
            : TaskStdio.Null();
    }

    /// <summary>The container's own options with the changes for this task, not instead of them.</summary>
    private static Any? Options(Wire.ContainersV1.Container container, TaskRequest request)
    {
        if (request.RuntimeOptions is null)
        {
            // The daemon takes the container's.
            return null;
        }

        Any? own = container.Runtime?.Options;
        if (own is not null && own.TypeUrl.Length > 0 && own.TypeUrl != RuncOptionsType)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The container '{container.Id}' has runtime options of the type '{own.TypeUrl}', and only those of runc ({RuncOptionsType}) can be changed for a task.") { Reason = "UnknownRuntimeOptions" };
        }

        Options options = own is null ? new Options() : Wire.RuncOptions.Options.Parser.ParseFrom(own.Value);
        request.RuntimeOptions(options);
        return new Any { TypeUrl = RuncOptionsType, Value = options.ToByteString() };
    }
}
