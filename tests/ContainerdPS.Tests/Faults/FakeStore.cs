using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Tests.Images;
using ContainerdPS.Wire.ContainersV1;
using ContainerdPS.Wire.ContentV1;
using ContainerdPS.Wire.DiffV1;
using ContainerdPS.Wire.ImagesV1;
using ContainerdPS.Wire.LeasesV1;
using ContainerdPS.Wire.NamespacesV1;
using ContainerdPS.Wire.SnapshotsV1;
using FakeContainerd;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ContainerdPS.Tests.Faults;

/// <summary>
/// What a daemon keeps while a container is made of an image of one layer that is not unpacked yet: enough of containerd
/// to see what stays of a creation that fails. A snapshot made under a lease goes with it, when the end of the lease waits
/// for the collection; later would be too late for who looks.
/// </summary>
internal sealed class FakeStore
{
    public const string Image = "docker.io/library/box:latest";

    private static readonly Wire.Types.Mount Mount = new() { Type = "bind", Source = "/nowhere", Options = { "rbind" } };

    private readonly ConcurrentDictionary<string, string> leaseOf = new();

    public FakeStore(FakeDaemon daemon)
    {
        Target = Layout.Image(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64", "one");
        Images[Image] = new Wire.ImagesV1.Image { Name = Image, Target = Mapping.DescriptorMapping.ToWire(Target) };
        daemon.On<GetContainerRequest>("containers.v1.Containers/Get", (request, _) => Containers.TryGetValue(request.Id, out Wire.ContainersV1.Container? found) ? new GetContainerResponse { Container = found } : throw NotFound(request.Id));
        daemon.On<CreateContainerRequest>("containers.v1.Containers/Create", (request, _) => new CreateContainerResponse { Container = Containers[request.Container.Id] = request.Container });
        daemon.On<UpdateContainerRequest>("containers.v1.Containers/Update", (request, _) =>
        {
            Wire.ContainersV1.Container changed = Containers[request.Container.Id].Clone();
            changed.Spec = request.UpdateMask.Paths.Single() == "spec" ? request.Container.Spec : throw new NotSupportedException();
            return new UpdateContainerResponse { Container = Containers[request.Container.Id] = changed };
        });
        daemon.On<DeleteContainerRequest>("containers.v1.Containers/Delete", (request, call) => Containers.TryRemove(request.Id, out _) ? new Empty() : throw NotFound(request.Id));
        daemon.On<GetNamespaceRequest>("namespaces.v1.Namespaces/Get", (request, _) => new GetNamespaceResponse { Namespace = new Namespace { Name = request.Name } });
        daemon.On<GetImageRequest>("images.v1.Images/Get", (request, _) => Images.TryGetValue(request.Name, out Wire.ImagesV1.Image? found) ? new GetImageResponse { Image = found } : throw NotFound(request.Name));
        daemon.On<CreateImageRequest>("images.v1.Images/Create", (request, _) => new CreateImageResponse { Image = Images[request.Image.Name] = request.Image });
        daemon.On<DeleteImageRequest>("images.v1.Images/Delete", (request, _) => Images.TryRemove(request.Name, out Wire.ImagesV1.Image? _) ? new Empty() : throw NotFound(request.Name));
        AddContent(daemon);
        AddLeases(daemon);
        AddSnapshots(daemon);
    }

    /// <summary>The blobs.</summary>
    public LayoutBuilder Layout { get; } = new();

    /// <summary>The manifest of the image.</summary>
    public OciDescriptor Target { get; }

    public ConcurrentDictionary<string, Wire.ImagesV1.Image> Images { get; } = new();

    public ConcurrentDictionary<string, Wire.ContainersV1.Container> Containers { get; } = new();

    public ConcurrentDictionary<string, bool> Leases { get; } = new();

    /// <summary>The keys of the snapshots, each with whether it is committed.</summary>
    public ConcurrentDictionary<string, bool> Snapshots { get; } = new();

    /// <summary>What must not be there when a creation has failed: all but unpacked layers.</summary>
    public IEnumerable<string> Leftovers() =>
        Containers.Keys.Select(static id => $"container {id}")
            .Concat(Leases.Keys.Select(static id => $"lease {id}"))
            .Concat(Snapshots.Where(static snapshot => !snapshot.Value).Select(static snapshot => $"snapshot {snapshot.Key}"));

    public static RpcException NotFound(string what) => new(new Grpc.Core.Status(StatusCode.NotFound, $"{what}: not found"));

    private void AddContent(FakeDaemon daemon)
    {
        daemon.On<InfoRequest>("content.v1.Content/Info", (request, _) => new InfoResponse { Info = new Wire.ContentV1.Info { Digest = request.Digest, Size = Blob(request.Digest).Length } });
        daemon.On<ReadContentRequest>("content.v1.Content/Read", (request, _) => new ReadContentResponse { Data = ByteString.CopyFrom(Blob(request.Digest)) });
        daemon.On<UpdateRequest>("content.v1.Content/Update", (request, _) => new UpdateResponse { Info = request.Info });
    }

    private void AddLeases(FakeDaemon daemon)
    {
        daemon.On<CreateRequest>("leases.v1.Leases/Create", (request, _) =>
        {
            Leases[request.Id] = true;
            return new CreateResponse { Lease = new Lease { Id = request.Id } };
        });
        daemon.On<AddResourceRequest>("leases.v1.Leases/AddResource", (_, _) => new Empty());
        daemon.On<DeleteRequest>("leases.v1.Leases/Delete", (request, call) =>
        {
            if (!Leases.TryRemove(request.Id, out _))
            {
                throw NotFound(request.Id);
            }

            foreach (string key in Snapshots.Keys.Where(key => request.Sync && leaseOf[key] == request.Id && !Containers.ContainsKey(key)))
            {
                Snapshots.TryRemove(key, out _);
            }

            return new Empty();
        });
    }

    private void AddSnapshots(FakeDaemon daemon)
    {
        daemon.On<StatSnapshotRequest>("snapshots.v1.Snapshots/Stat", (request, _) => Snapshots.ContainsKey(request.Key) ? new StatSnapshotResponse { Info = new Wire.SnapshotsV1.Info { Name = request.Key } } : throw NotFound(request.Key));
        daemon.On<PrepareSnapshotRequest>("snapshots.v1.Snapshots/Prepare", (request, call) =>
        {
            Snapshots[request.Key] = false;
            leaseOf[request.Key] = call.Lease;
            return new PrepareSnapshotResponse { Mounts = { Mount } };
        });
        daemon.On<MountsRequest>("snapshots.v1.Snapshots/Mounts", (request, _) => Snapshots.ContainsKey(request.Key) ? new MountsResponse { Mounts = { Mount } } : throw NotFound(request.Key));
        daemon.On<CommitSnapshotRequest>("snapshots.v1.Snapshots/Commit", (request, call) =>
        {
            Snapshots.TryRemove(request.Key, out _);
            Snapshots[request.Name] = true;
            leaseOf[request.Name] = call.Lease;
            return new Empty();
        });
        daemon.On<RemoveSnapshotRequest>("snapshots.v1.Snapshots/Remove", (request, call) => Snapshots.TryRemove(request.Key, out _) ? new Empty() : throw NotFound(request.Key));
        daemon.On<ApplyRequest>("diff.v1.Diff/Apply", (_, _) => new ApplyResponse { Applied = new Wire.Types.ContentDescriptor { Digest = Digest.Compute(LayoutBuilder.Layer("file", "one")).ToString() } });
    }

    private byte[] Blob(string digest) => Layout.Files.TryGetValue(LayoutBuilder.PathOf(digest), out byte[]? content) ? content : throw NotFound(digest);
}
