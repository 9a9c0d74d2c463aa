using System.Collections.Concurrent;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;
using FakeContainerd;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = ContainerdPS.Wire.TaskTypes.Status;

namespace ContainerdPS.Tests.Faults;

/// <summary>
/// What a daemon keeps while a container is restored live from a checkpoint that carries its image, whose name is lost and
/// whose layer is not unpacked.
/// </summary>
internal sealed class RestoreStore
{
    public const string Checkpoint = "docker.io/library/kept:latest";

    private readonly FakeStore store;
    private readonly ConcurrentDictionary<string, Process> tasks = new();

    public RestoreStore(FakeDaemon daemon)
    {
        store = new FakeStore(daemon);
        store.Images.Clear();
        OciDescriptor index = store.Layout.Blob(MediaTypes.OciIndex, ImageJson.Serialize(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests =
            [
                store.Target,
                store.Layout.Blob(CheckpointIndex.RuntimeOptions, new Any { TypeUrl = "containerd.runc.v1.Options", Value = ByteString.CopyFrom(1, 2) }.ToByteArray()),
                store.Layout.Blob(CheckpointIndex.Options, new Any { TypeUrl = "containerd.runc.v1.CheckpointOptions", Value = new Wire.RuncOptions.CheckpointOptions { FileLocks = true }.ToByteString() }.ToByteArray()),
                store.Layout.Blob(MediaTypes.OciLayerGzip, "the files"u8.ToArray()),
                store.Layout.Blob(CheckpointIndex.Processes, "the memory"u8.ToArray()),
                store.Layout.Blob(CheckpointIndex.Spec, new Any { TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Spec", Value = ByteString.CopyFromUtf8("""{"linux":{"cgroupsPath":"/here/c1"}}""") }.ToByteArray()),
            ],
            Annotations = new Dictionary<string, string>
            {
                [CheckpointIndex.ImageName] = FakeStore.Image,
                [CheckpointIndex.Runtime] = "io.containerd.runc.v2",
                [CheckpointIndex.Snapshotter] = "overlayfs",
                [CheckpointIndex.OriginNamespace] = "here",
                [CheckpointIndex.OriginId] = "c1",
            },
        }));
        store.Images[Checkpoint] = new Wire.ImagesV1.Image { Name = Checkpoint, Target = DescriptorMapping.ToWire(index) };
        AddTasks(daemon);
    }

    public IReadOnlyDictionary<string, Wire.ContainersV1.Container> Containers => store.Containers;

    public IReadOnlyDictionary<string, Process> Tasks => tasks;

    public IEnumerable<string> Images => store.Images.Keys;

    /// <summary>The dump that the task was made of.</summary>
    public string? Dump { get; private set; }

    /// <summary>What must not be there when it has failed.</summary>
    public IEnumerable<string> Leftovers() => tasks.Keys.Select(static id => $"task {id}")
        .Concat(store.Images.Keys.Where(static name => name != Checkpoint).Select(static name => $"image {name}"))
        .Concat(store.Leftovers());

    /// <summary>What must not be there whatever has become of it.</summary>
    public IEnumerable<string> Unfinished() =>
        store.Leases.Keys.Select(static id => $"lease {id}")
            .Concat(store.Snapshots.Where(static snapshot => !snapshot.Value && snapshot.Key != "c2").Select(static snapshot => $"snapshot {snapshot.Key}"));

    private void AddTasks(FakeDaemon daemon)
    {
        daemon.On<GetRequest>("tasks.v1.Tasks/Get", (request, _) => new GetResponse { Process = Task(request.ContainerId).Clone() });
        daemon.On<CreateTaskRequest>("tasks.v1.Tasks/Create", (request, _) =>
        {
            if (!Containers.ContainsKey(request.ContainerId))
            {
                throw FakeStore.NotFound(request.ContainerId);
            }

            // What is to be restored has no process before it is started.
            Dump = request.Checkpoint.Digest;
            tasks[request.ContainerId] = new Process { ContainerId = request.ContainerId, Id = request.ContainerId, Status = Status.Created, Stdin = request.Stdin, Stdout = request.Stdout, Stderr = request.Stderr };
            return new CreateTaskResponse { ContainerId = request.ContainerId };
        });
        daemon.On<StartRequest>("tasks.v1.Tasks/Start", (request, _) =>
        {
            Process task = Task(request.ContainerId);
            (task.Status, task.Pid) = (Status.Running, 7);
            return new StartResponse { Pid = task.Pid };
        });
        daemon.On<KillRequest>("tasks.v1.Tasks/Kill", (request, _) =>
        {
            Task(request.ContainerId).Status = Status.Stopped;
            return new Empty();
        });
        daemon.OnStream<WaitRequest>("tasks.v1.Tasks/Wait", async (request, call) =>
        {
            while (Task(request.ContainerId).Status != Status.Stopped)
            {
                await System.Threading.Tasks.Task.Delay(5, call.Aborting);
            }

            await call.WriteAsync(new WaitResponse { ExitStatus = 137 });
        });
        daemon.On<DeleteTaskRequest>("tasks.v1.Tasks/Delete", (request, _) =>
        {
            if (Task(request.ContainerId).Status == Status.Running)
            {
                throw new RpcException(new Grpc.Core.Status(StatusCode.FailedPrecondition, "the task runs"));
            }

            tasks.TryRemove(request.ContainerId, out Process? _);
            return new DeleteResponse { ExitStatus = 137 };
        });
    }

    private Process Task(string id) => tasks.TryGetValue(id, out Process? task) ? task : throw FakeStore.NotFound(id);
}
