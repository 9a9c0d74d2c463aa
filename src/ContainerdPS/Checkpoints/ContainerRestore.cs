using ContainerdPS.Containers;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.Types;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Checkpoints;

/// <summary>Makes a container again from a checkpoint, and has its processes go on where that is wanted; or makes nothing at all.</summary>
internal static class ContainerRestore
{
    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(15);

    public static async Task<Container> RunAsync(NamespaceClient client, RestoreRequest request, CancellationToken cancellationToken)
    {
        CheckpointContents checkpoint = await CheckpointContents.ReadAsync(client, request.From, cancellationToken).ConfigureAwait(false);
        string id = Identifiers.Validated(ObjectKinds.Container, request.Id ?? checkpoint.OriginId ?? throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The checkpoint '{checkpoint.Name}' does not say which container it was made of. Give the new one an -Id.") { Reason = "IdRequired" });
        foreach ((string key, string value) in request.Labels)
        {
            Identifiers.ValidateLabel(key, value);
        }

        if (request.Live is not null && checkpoint.Processes is null)
        {
            throw TaskCheckpoint.Without(client, checkpoint.Name);
        }

        await ContainerRecord.RefuseExistingAsync(client, id, cancellationToken).ConfigureAwait(false);
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            var made = new Made(client, id);
            try
            {
                await lease.Client.Leases.AddContentAsync(lease.Client.Lease!, checkpoint.Target.Digest, cancellationToken).ConfigureAwait(false);
                bool isConfigured = await MakeAsync(lease.Client, checkpoint, id, request, made, cancellationToken).ConfigureAwait(false);
                if (request.Live is { } live)
                {
                    await TaskStart.StartAsync(
                        client, id, live with { Checkpoint = DescriptorMapping.ToWire(checkpoint.Processes!) }, saysHow: true, cancellationToken).ConfigureAwait(false);
                }

                Wire.ContainersV1.Container record = await client.Containers.GetAsync(id, cancellationToken).ConfigureAwait(false);
                if (isConfigured)
                {
                    record = await client.Containers.UpdateAsync(WithoutConfiguration(record), ["spec"], cancellationToken).ConfigureAwait(false);
                }

                return client.Containers.ToModel(record, request.Live is null ? null : await client.Tasks.FindAsync(id, cancellationToken).ConfigureAwait(false));
            }
            catch
            {
                lease.CollectAtEnd();
                await made.TakeBackAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <returns>Whether the spec names a configuration that it is not to keep.</returns>
    private static async Task<bool> MakeAsync(
        NamespaceClient client, CheckpointContents checkpoint, string id, RestoreRequest request, Made made, CancellationToken cancellationToken)
    {
        (string defaultRuntime, string defaultSnapshotter) = await NamespaceDefaults.GetAsync(client, cancellationToken).ConfigureAwait(false);
        var record = new Wire.ContainersV1.Container
        {
            Id = id,
            Runtime = new Wire.ContainersV1.Container.Types.Runtime
            {
                Name = request.Runtime ?? checkpoint.Runtime ?? defaultRuntime,
                Options = await checkpoint.RuntimeOptionsAsync(client, cancellationToken).ConfigureAwait(false),
            },
        };
        string snapshotter = request.Snapshotter ?? checkpoint.Snapshotter ?? defaultSnapshotter;
        BaseImage? image = await BaseImage.FindAsync(client, checkpoint, snapshotter, request, cancellationToken).ConfigureAwait(false);
        IRootFileSystem? root = null;
        if (image is not null || checkpoint.ReadWriteLayer is not null)
        {
            record.Snapshotter = snapshotter;
            record.SnapshotKey = id;
            root = await PrepareAsync(client, checkpoint, record, image?.Top ?? string.Empty, request, made, cancellationToken).ConfigureAwait(false);
        }

        if (image is not null)
        {
            record.Image = image.Name;
            await NameAsync(client, image, made, cancellationToken).ConfigureAwait(false);
        }

        SetLabels(record, checkpoint, image, request);
        record.Spec = await SpecAsync(client, checkpoint, id, image, root, request, cancellationToken).ConfigureAwait(false);
        bool isConfigured = request.Live is not null && await ConfigureAsync(client, checkpoint, record, cancellationToken).ConfigureAwait(false);
        await ContainerRecord.CreateAsync(client, record, cancellationToken).ConfigureAwait(false);
        made.Record = true;
        return isConfigured;
    }

    /// <summary>Has what the dump holds restored where the runtime has to be told.</summary>
    private static async Task<bool> ConfigureAsync(
        NamespaceClient client, CheckpointContents checkpoint, Wire.ContainersV1.Container record, CancellationToken cancellationToken)
    {
        if (!IsSpec(record.Spec))
        {
            return false;
        }

        RuntimeSpec spec = SpecJson.Parse(record.Spec.Value.Span);
        bool isAdded = CriuConfiguration.Add(client, spec, await checkpoint.OptionsAsync(client, cancellationToken).ConfigureAwait(false));
        if (isAdded)
        {
            record.Spec = SpecMapping.ToWire(spec);
        }

        return isAdded;
    }

    private static Wire.ContainersV1.Container WithoutConfiguration(Wire.ContainersV1.Container record)
    {
        RuntimeSpec spec = SpecJson.Parse(record.Spec.Value.Span);
        CriuConfiguration.Remove(spec);
        return new Wire.ContainersV1.Container { Id = record.Id, Spec = SpecMapping.ToWire(spec) };
    }

    private static async Task<IRootFileSystem?> PrepareAsync(
        NamespaceClient client, CheckpointContents checkpoint, Wire.ContainersV1.Container record, string parent, RestoreRequest request, Made made, CancellationToken cancellationToken)
    {
        IReadOnlyList<Mount> mounts;
        try
        {
            mounts = await client.Snapshots.PrepareAsync(record.Snapshotter, record.SnapshotKey, parent, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ContainerdException { IsOutcomeUnknown: true })
        {
            made.Snapshot = (record.Snapshotter, record.SnapshotKey);
            throw;
        }

        made.Snapshot = (record.Snapshotter, record.SnapshotKey);
        if (checkpoint.ReadWriteLayer is { } layer && !request.NoReadWriteLayer)
        {
            try
            {
                await client.Diff.ApplyAsync(layer, mounts, cancellationToken).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.DaemonMessage is { } words && !e.IsOutcomeUnknown)
            {
                throw new ContainerdException(
                    e.Code, $"The read-write layer {layer.Digest} of the checkpoint '{checkpoint.Name}' cannot be unpacked: {words.TrimEnd('.', ' ', '\n')}.", e) { Reason = "LayerUnpackFailed" };
            }
        }

        return MountedLayersRootFileSystem.Create(mounts.Select(static mount => new RootFileSystemMount(mount.Type, mount.Source, mount.Options)).ToArray());
    }

    /// <summary>Gives the image the checkpoint carries its name where it has lost it: the container speaks of it.</summary>
    private static async Task NameAsync(NamespaceClient client, BaseImage image, Made made, CancellationToken cancellationToken)
    {
        if (image.Record is not null || image.Name.Length == 0)
        {
            return;
        }

        try
        {
            made.Image = image.Name;
            await client.Images.CreateAsync(new Wire.ImagesV1.Image { Name = image.Name, Target = DescriptorMapping.ToWire(image.Target) }, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            // Somebody else got it in the meantime.
            made.Image = null;
        }
    }

    private static void SetLabels(Wire.ContainersV1.Container record, CheckpointContents checkpoint, BaseImage? image, RestoreRequest request)
    {
        if (checkpoint.Labels is { } kept)
        {
            record.Labels.Add(kept.ToDictionary());

            // That log is of another task, and maybe of another host.
            record.Labels.Remove(TaskLog.Label);
        }
        else if (image is not null)
        {
            ContainerRecord.CopyLabels(image.Record ?? new Wire.ImagesV1.Image(), image.Config, record);
        }

        foreach ((string key, string value) in request.Labels)
        {
            record.Labels[key] = value;
        }
    }

    private static async Task<Any> SpecAsync(
        NamespaceClient client, CheckpointContents checkpoint, string id, BaseImage? image, IRootFileSystem? root, RestoreRequest request, CancellationToken cancellationToken)
    {
        Any? kept = request.Spec is null ? await checkpoint.SpecAsync(client, cancellationToken).ConfigureAwait(false) : null;
        if (kept is not null && !IsSpec(kept))
        {
            // Of a runtime with specs of its own.
            return kept;
        }

        RuntimeSpec spec = request.Spec ?? (kept is null ? FromImage(client, checkpoint, id, image, root) : SpecJson.Parse(kept.Value.Span));
        if (kept is not null)
        {
            GiveOwnCgroup(spec, client, checkpoint, id);
        }

        return SpecMapping.ToWire(request.Edit is null ? spec : await request.Edit(spec).ConfigureAwait(false));
    }

    private static bool IsSpec(Any spec) => spec.TypeUrl.EndsWith("/Spec", StringComparison.Ordinal);

    private static RuntimeSpec FromImage(NamespaceClient client, CheckpointContents checkpoint, string id, BaseImage? image, IRootFileSystem? root) => image is null
        ? throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"The checkpoint '{checkpoint.Name}' carries neither a spec nor the name of an image to make one from. Give it with -Spec.") { Reason = "SpecRequired" }
        : SpecBuilder.Build(new SpecRequest { Namespace = client.Namespace, Id = id }, image.Config.Config, root);

    /// <summary>
    /// A cgroup named after the container follows its new name: in the old one processes of the container it was made of
    /// may still run, and would be killed with it. One that somebody chose stays.
    /// </summary>
    private static void GiveOwnCgroup(RuntimeSpec spec, NamespaceClient client, CheckpointContents checkpoint, string id)
    {
        if (spec.Linux?.CgroupsPath is not { Length: > 0 } path)
        {
            return;
        }

        // Containerd's own client does not say what the container was called; its default has this form.
        bool isNamed = checkpoint.OriginId is { } origin ? path == $"/{checkpoint.OriginNamespace}/{origin}" : path.Split('/') is ["", { Length: > 0 }, { Length: > 0 }];
        if (isNamed)
        {
            spec.Linux.CgroupsPath = $"/{client.Namespace}/{id}";
        }
    }

    /// <summary>What there is to take back.</summary>
    private sealed class Made(NamespaceClient client, string id)
    {
        public (string Snapshotter, string Key)? Snapshot { get; set; }

        public string? Image { get; set; }

        public bool Record { get; set; }

        public async Task TakeBackAsync()
        {
            using var limit = new CancellationTokenSource(TakeBackLimit);
            if (Record)
            {
                // Without its container nobody could reach it any more.
                await TryAsync(() => ProcessEnd.ForceAsync(client, id, limit.Token)).ConfigureAwait(false);
                await TryAsync(() => client.Containers.DeleteAsync(id, limit.Token)).ConfigureAwait(false);
            }

            if (Snapshot is var (snapshotter, key))
            {
                await SnapshotCleanup.TryRemoveAsync(client, snapshotter, key).ConfigureAwait(false);
            }

            if (Image is { } image)
            {
                await TryAsync(() => client.Images.DeleteAsync(image, synchronous: false, limit.Token)).ConfigureAwait(false);
            }
        }

        private static async Task TryAsync(Func<Task> undo)
        {
            try
            {
                await undo().ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // Why the restoring failed is what must be told.
            }
        }
    }
}
