using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Tests.Images;
using ContainerdPS.Wire.ContainersV1;
using ContainerdPS.Wire.ContentV1;
using ContainerdPS.Wire.DiffV1;
using ContainerdPS.Wire.ImagesV1;
using ContainerdPS.Wire.LeasesV1;
using ContainerdPS.Wire.SnapshotsV1;
using ContainerdPS.Wire.TasksV1;
using ContainerdPS.Wire.TaskTypes;
using FakeContainerd;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace ContainerdPS.Tests.Faults;

/// <summary>
/// What a daemon keeps while a running container is checkpointed. Content that nothing refers to goes when a lease ends that
/// waits for the collection, as with containerd.
/// </summary>
internal sealed class CheckpointStore
{
    public const string Image = "docker.io/library/box:latest";
    public const string Container = "c1";

    private const string Reference = "containerd.io/gc.ref.content";

    private readonly ConcurrentDictionary<string, byte[]> blobs = new();
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> labels = new();
    private readonly ConcurrentDictionary<string, HashSet<string>> leases = new();
    private readonly ConcurrentDictionary<string, MemoryStream> ingests = new();
    private readonly ConcurrentDictionary<string, string> views = new();
    private readonly HashSet<string> first;

    public CheckpointStore(FakeDaemon daemon)
    {
        var layout = new LayoutBuilder();
        OciDescriptor target = layout.Image(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64", "one");
        foreach ((string path, byte[] content) in layout.Files.Where(static file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)))
        {
            blobs[path["blobs/".Length..].Replace('/', ':')] = content;
        }

        first = [.. blobs.Keys];
        Images[Image] = new Wire.ImagesV1.Image { Name = Image, Target = DescriptorMapping.ToWire(target) };
        AddRecords(daemon);
        AddContent(daemon);
        AddLeases(daemon);
        AddTask(daemon);
        AddSnapshots(daemon);
    }

    public ConcurrentDictionary<string, Wire.ImagesV1.Image> Images { get; } = new();

    public Wire.TaskTypes.Status Task { get; private set; } = Wire.TaskTypes.Status.Running;

    /// <summary>The leases that are there.</summary>
    public IEnumerable<string> Leases => leases.Keys;

    /// <summary>Fails as containerd before 2.0 does when the spec is there already: with the dump written.</summary>
    public bool FailsOnKnownSpec { get; init; }

    /// <summary>What must not be there when a checkpoint has failed.</summary>
    public IEnumerable<string> Leftovers() =>
        Images.Keys.Where(static name => name != Image).Select(static name => $"image {name}")
            .Concat(blobs.Keys.Except(first).Select(static digest => $"blob {digest}"))
            .Concat(Unfinished());

    /// <summary>What must not be there whatever has become of it.</summary>
    public IEnumerable<string> Unfinished() =>
        leases.Keys.Select(static id => $"lease {id}")
            .Concat(ingests.Keys.Select(static reference => $"ingest {reference}"))
            .Concat(views.Keys.Select(static view => $"view {view}"));

    /// <summary>The index of a checkpoint, all of whose parts have to be there and stay there.</summary>
    public ImageIndex Checkpoint(string name)
    {
        Collect();
        ImageIndex index = ImageJson.ParseIndex(blobs[Images[name].Target.Digest]);
        foreach (OciDescriptor part in index.Manifests!)
        {
            Xunit.Assert.True(blobs.ContainsKey(part.Digest), $"The part {part.MediaType} is not there.");
        }

        return index;
    }

    private static RpcException Refusal(StatusCode code, string what) => new(new Status(code, what));

    private string Put(byte[] content, string lease)
    {
        string digest = Digest.Compute(content).ToString();
        blobs[digest] = content;
        if (leases.TryGetValue(lease, out HashSet<string>? held))
        {
            held.Add(digest);
        }

        return digest;
    }

    private void Collect()
    {
        var kept = new HashSet<string>();
        var pending = new Queue<string>(first.Concat(Images.Values.Select(static image => image.Target.Digest)).Concat(leases.Values.SelectMany(static held => held)));
        while (pending.TryDequeue(out string? digest))
        {
            if (kept.Add(digest) && labels.TryGetValue(digest, out Dictionary<string, string>? own))
            {
                foreach (string child in own.Where(static label => label.Key.StartsWith(Reference, StringComparison.Ordinal)).Select(static label => label.Value))
                {
                    pending.Enqueue(child);
                }
            }
        }

        foreach (string digest in blobs.Keys.Where(digest => !kept.Contains(digest)))
        {
            blobs.TryRemove(digest, out _);
        }
    }

    private void AddRecords(FakeDaemon daemon)
    {
        var container = new Wire.ContainersV1.Container
        {
            Id = Container,
            Image = Image,
            Snapshotter = "overlayfs",
            SnapshotKey = Container,
            Spec = new Any { TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Spec", Value = ByteString.CopyFromUtf8("{}") },
            Runtime = new Wire.ContainersV1.Container.Types.Runtime { Name = "io.containerd.runc.v2", Options = new Any { TypeUrl = "containerd.runc.v1.Options", Value = ByteString.CopyFrom(1, 2) } },
            Labels = { ["tier"] = "front" },
        };
        daemon.On<GetContainerRequest>("containers.v1.Containers/Get", (request, _) => request.Id == Container ? new GetContainerResponse { Container = container } : throw Refusal(StatusCode.NotFound, request.Id));
        daemon.On<GetImageRequest>("images.v1.Images/Get", (request, _) => Images.TryGetValue(request.Name, out Wire.ImagesV1.Image? found) ? new GetImageResponse { Image = found } : throw Refusal(StatusCode.NotFound, request.Name));
        daemon.On<CreateImageRequest>("images.v1.Images/Create", (request, _) => Images.TryAdd(request.Image.Name, request.Image) ? new CreateImageResponse { Image = request.Image } : throw Refusal(StatusCode.AlreadyExists, request.Image.Name));
        daemon.On<UpdateImageRequest>("images.v1.Images/Update", (request, _) => new UpdateImageResponse { Image = Images[request.Image.Name] = request.Image });
        daemon.On<DeleteImageRequest>("images.v1.Images/Delete", (request, _) => Images.TryRemove(request.Name, out Wire.ImagesV1.Image? _) ? new Empty() : throw Refusal(StatusCode.NotFound, request.Name));
    }

    private void AddContent(FakeDaemon daemon)
    {
        daemon.On<InfoRequest>("content.v1.Content/Info", (request, _) => new InfoResponse { Info = new Wire.ContentV1.Info { Digest = request.Digest, Size = Blob(request.Digest).Length } });
        daemon.On<ReadContentRequest>("content.v1.Content/Read", (request, _) => new ReadContentResponse { Data = ByteString.CopyFrom(Blob(request.Digest)) });
        daemon.On<UpdateRequest>("content.v1.Content/Update", (request, _) =>
        {
            Dictionary<string, string> own = labels.GetOrAdd(request.Info.Digest, _ => []);
            foreach ((string key, string value) in request.Info.Labels)
            {
                own[key] = value;
            }

            return new UpdateResponse { Info = request.Info };
        });
        daemon.On<AbortRequest>("content.v1.Content/Abort", (request, _) => ingests.TryRemove(request.Ref, out MemoryStream? _) ? new Empty() : throw Refusal(StatusCode.NotFound, request.Ref));
        daemon.OnStream<WriteContentRequest>("content.v1.Content/Write", WriteAsync);
    }

    private async Task WriteAsync(WriteContentRequest request, FakeCall call)
    {
        string reference = request.Ref;
        if (blobs.ContainsKey(request.Expected))
        {
            throw Refusal(StatusCode.AlreadyExists, request.Expected);
        }

        MemoryStream ingest = ingests.GetOrAdd(reference, _ => new MemoryStream());
        for (WriteContentRequest? message = request; message is not null; message = await call.ReadAsync<WriteContentRequest>())
        {
            if (!message.Data.IsEmpty)
            {
                ingest.Write(message.Data.Span);
            }

            if (message.Action == WriteAction.Commit)
            {
                string digest = Put(ingest.ToArray(), call.Lease);
                ingests.TryRemove(reference, out MemoryStream? _);
                labels[digest] = new Dictionary<string, string>(message.Labels);
            }

            await call.WriteAsync(new WriteContentResponse { Action = message.Action, Offset = ingest.Length });
        }
    }

    private void AddLeases(FakeDaemon daemon)
    {
        daemon.On<CreateRequest>("leases.v1.Leases/Create", (request, _) =>
        {
            leases[request.Id] = [];
            return new CreateResponse { Lease = new Lease { Id = request.Id } };
        });
        daemon.On<AddResourceRequest>("leases.v1.Leases/AddResource", (request, _) =>
        {
            leases[request.Id].Add(request.Resource.Id);
            return new Empty();
        });
        daemon.On<ListResourcesRequest>("leases.v1.Leases/ListResources", (request, _) =>
            new ListResourcesResponse { Resources = { leases[request.Id].Select(static digest => new Resource { Id = digest, Type = "content" }) } });
        daemon.On<DeleteRequest>("leases.v1.Leases/Delete", (request, _) =>
        {
            if (!leases.TryRemove(request.Id, out HashSet<string>? _))
            {
                throw Refusal(StatusCode.NotFound, request.Id);
            }

            // A view that nobody took away goes with its lease; only content is looked at too soon for a collection of its own accord.
            foreach (string view in views.Where(view => view.Value == request.Id).Select(static view => view.Key))
            {
                views.TryRemove(view, out string? _);
            }

            if (request.Sync)
            {
                Collect();
            }

            return new Empty();
        });
    }

    private void AddTask(FakeDaemon daemon)
    {
        daemon.On<GetRequest>("tasks.v1.Tasks/Get", (_, _) => new GetResponse { Process = new Process { ContainerId = Container, Id = Container, Pid = 7, Status = Task } });
        daemon.On<PauseTaskRequest>("tasks.v1.Tasks/Pause", (_, _) =>
        {
            Task = Wire.TaskTypes.Status.Paused;
            return new Empty();
        });
        daemon.On<ResumeTaskRequest>("tasks.v1.Tasks/Resume", (_, _) =>
        {
            Task = Wire.TaskTypes.Status.Running;
            return new Empty();
        });
        daemon.On<WaitRequest>("tasks.v1.Tasks/Wait", (_, _) => new WaitResponse { ExitStatus = 137 });
        daemon.On<CheckpointTaskRequest>("tasks.v1.Tasks/Checkpoint", (request, call) =>
        {
            Xunit.Assert.Equal(Wire.TaskTypes.Status.Paused, Task);
            byte[] dump = "the memory"u8.ToArray();
            byte[] spec = new Any { TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Spec", Value = ByteString.CopyFromUtf8("{}") }.ToByteArray();
            if (Wire.RuncOptions.CheckpointOptions.Parser.ParseFrom(request.Options.Value).Exit)
            {
                Task = Wire.TaskTypes.Status.Stopped;
            }

            string digest = Put(dump, call.Lease);
            if (FailsOnKnownSpec)
            {
                Put(spec, call.Lease);
                throw Refusal(StatusCode.AlreadyExists, "content already exists");
            }

            return new CheckpointTaskResponse
            {
                Descriptors =
                {
                    new Wire.Types.ContentDescriptor { MediaType = CheckpointIndex.Processes, Digest = digest, Size = dump.Length },
                    new Wire.Types.ContentDescriptor { MediaType = CheckpointIndex.Spec, Digest = Put(spec, call.Lease), Size = spec.Length },
                },
            };
        });
    }

    private void AddSnapshots(FakeDaemon daemon)
    {
        var mount = new Wire.Types.Mount { Type = "bind", Source = "/nowhere", Options = { "rbind" } };
        daemon.On<StatSnapshotRequest>("snapshots.v1.Snapshots/Stat", (request, _) => new StatSnapshotResponse { Info = new Wire.SnapshotsV1.Info { Name = request.Key, Parent = "sha256:below", Kind = Kind.Active } });
        daemon.On<ViewSnapshotRequest>("snapshots.v1.Snapshots/View", (request, call) =>
        {
            views[request.Key] = call.Lease;
            return new ViewSnapshotResponse { Mounts = { mount } };
        });
        daemon.On<MountsRequest>("snapshots.v1.Snapshots/Mounts", (_, _) => new MountsResponse { Mounts = { mount } });
        daemon.On<RemoveSnapshotRequest>("snapshots.v1.Snapshots/Remove", (request, _) => views.TryRemove(request.Key, out string? _) ? new Empty() : throw Refusal(StatusCode.NotFound, request.Key));
        daemon.On<DiffRequest>("diff.v1.Diff/Diff", (request, call) =>
        {
            Xunit.Assert.Equal(Wire.TaskTypes.Status.Paused, Task);
            byte[] layer = "the files"u8.ToArray();
            return new DiffResponse { Diff = new Wire.Types.ContentDescriptor { MediaType = request.MediaType, Digest = Put(layer, call.Lease), Size = layer.Length } };
        });
    }

    private byte[] Blob(string digest) => blobs.TryGetValue(digest, out byte[]? content) ? content : throw Refusal(StatusCode.NotFound, digest);
}
