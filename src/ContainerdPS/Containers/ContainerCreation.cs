using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;

namespace ContainerdPS.Containers;

/// <summary>Makes a container: its snapshot, its spec and its record, or nothing at all.</summary>
internal static class ContainerCreation
{
    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(10);

    /// <summary>Labels of an image that are about the image's own keeping.</summary>
    private static readonly string[] PrivateLabels = ["containerd.io/", "io.cri-containerd"];

    public static async Task<Container> RunAsync(NamespaceClient client, ContainerRequest request, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, request.Id);
        foreach ((string key, string value) in request.Labels)
        {
            Identifiers.ValidateLabel(key, value);
        }

        await RefuseExistingAsync(client, request.Id, cancellationToken).ConfigureAwait(false);
        (string runtime, string snapshotter) = await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false);
        var record = new Wire.ContainersV1.Container
        {
            Id = request.Id,
            Runtime = new Wire.ContainersV1.Container.Types.Runtime { Name = request.Runtime ?? runtime },
        };
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            bool prepared = false;
            try
            {
                ImageDocument? image = null;
                IRootFileSystem? root = null;
                if (request.Image is not null)
                {
                    (Wire.ImagesV1.Image found, image, string top) = await ImageAsync(lease.Client, request, request.Snapshotter ?? snapshotter, cancellationToken).ConfigureAwait(false);
                    record.Image = found.Name;
                    record.Snapshotter = request.Snapshotter ?? snapshotter;
                    record.SnapshotKey = request.Id;
                    CopyLabels(found, image, record);
                    IReadOnlyList<Wire.Types.Mount> mounts = await lease.Client.Snapshots.PrepareAsync(
                        record.Snapshotter, record.SnapshotKey, top, null, cancellationToken).ConfigureAwait(false);
                    prepared = true;
                    root = MountedLayersRootFileSystem.Create(mounts.Select(static mount => new RootFileSystemMount(mount.Type, mount.Source, mount.Options)).ToArray());
                }

                foreach ((string key, string value) in request.Labels)
                {
                    record.Labels[key] = value;
                }

                RuntimeSpec spec = request.Spec ?? SpecBuilder.Build(request.Options, image?.Config, root);
                if (request.Edit is not null)
                {
                    spec = await request.Edit(spec).ConfigureAwait(false);
                }

                record.Spec = Mapping.SpecMapping.ToWire(await CgroupsPath.OwnAsync(client, request.Id, spec, cancellationToken).ConfigureAwait(false));
                return client.Containers.ToModel(await RecordAsync(lease.Client, record, cancellationToken).ConfigureAwait(false), null);
            }
            catch
            {
                lease.CollectAtEnd();
                if (prepared)
                {
                    await SnapshotCleanup.TryRemoveAsync(client, record.Snapshotter, record.SnapshotKey).ConfigureAwait(false);
                }

                throw;
            }
        }
    }

    /// <summary>Makes the record. One whose answer did not come is taken back: its snapshot goes, and it would be a container without a root.</summary>
    private static async Task<Wire.ContainersV1.Container> RecordAsync(NamespaceClient client, Wire.ContainersV1.Container record, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Containers.CreateAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            using var limit = new CancellationTokenSource(TakeBackLimit);
            try
            {
                // Only ours: without a snapshot of its name, another client may have made one meanwhile.
                Wire.ContainersV1.Container found = await client.Containers.GetAsync(record.Id, limit.Token).ConfigureAwait(false);
                if (found.SnapshotKey == record.SnapshotKey && Equals(found.Spec, record.Spec))
                {
                    await client.Containers.DeleteAsync(record.Id, limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception again) when (again is OperationCanceledException or ContainerdException)
            {
                // Not found is the usual case. The failure itself is what must be told.
            }

            throw;
        }
    }

    /// <summary>Said before anything is made: a snapshot of that key would be taken for a leftover.</summary>
    private static async Task RefuseExistingAsync(NamespaceClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            return;
        }

        throw new ContainerdException(ContainerdErrorCode.AlreadyExists, "already exists") { ObjectKind = ObjectKinds.Container, ObjectId = id, DaemonMessage = "already exists" };
    }

    private static async Task<(Wire.ImagesV1.Image Image, ImageDocument Config, string Top)> ImageAsync(
        NamespaceClient client, ContainerRequest request, string snapshotter, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image image = await ImageLookup.GetAsync(client, request.Image!, cancellationToken).ConfigureAwait(false);
        var reader = new ImageReader(client);
        (_, ImageManifest manifest) = await reader.ManifestAsync(
            image.Name, Mapping.DescriptorMapping.FromWire(image.Target), PlatformMatcher.For(Platforms.Host), cancellationToken).ConfigureAwait(false);
        ImageDocument config = await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false);
        string top = await new ImageUnpacker(client, snapshotter).UnpackAsync($"'{image.Name}'", manifest, config, cancellationToken).ConfigureAwait(false);
        return (image, config, top);
    }

    private static void CopyLabels(Wire.ImagesV1.Image image, ImageDocument config, Wire.ContainersV1.Container record)
    {
        foreach ((string key, string value) in image.Labels.Concat(config.Config?.Labels ?? new Dictionary<string, string>()))
        {
            // A label of an image that no container can hold is dropped, as containerd's own client does.
            if (!Array.Exists(PrivateLabels, prefix => key.StartsWith(prefix, StringComparison.Ordinal)) && Fits(key, value))
            {
                record.Labels[key] = value;
            }
        }

        if (config.Config?.StopSignal is { Length: > 0 } signal)
        {
            record.Labels[StopSignal.Label] = signal;
        }
    }

    private static bool Fits(string key, string value)
    {
        try
        {
            Identifiers.ValidateLabel(key, value);
            return value.Length > 0;
        }
        catch (ContainerdException)
        {
            return false;
        }
    }
}
