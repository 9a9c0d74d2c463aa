using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Oci.SpecOptions;
using ContainerdPS.Services;

namespace ContainerdPS.Containers;

/// <summary>Makes a container: its snapshot, its spec and its record, or nothing at all.</summary>
internal static class ContainerCreation
{
    public static async Task<Container> RunAsync(NamespaceClient client, ContainerRequest request, CancellationToken cancellationToken)
    {
        Identifiers.Validated(ObjectKinds.Container, request.Id);
        foreach ((string key, string value) in request.Labels)
        {
            Identifiers.ValidateLabel(key, value);
        }

        await ContainerRecord.RefuseExistingAsync(client, request.Id, cancellationToken).ConfigureAwait(false);
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
                    ContainerRecord.CopyLabels(found, image, record);
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

                RunnableSpec.Require(spec, record.Runtime.Name, request.Id);
                record.Spec = Mapping.SpecMapping.ToWire(await CgroupsPath.OwnAsync(client, request.Id, spec, cancellationToken).ConfigureAwait(false));
                return client.Containers.ToModel(await ContainerRecord.CreateAsync(lease.Client, record, cancellationToken).ConfigureAwait(false), null);
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

    /// <summary>Refuses an id that is taken, and an image that is not there.</summary>
    public static async Task CheckAsync(NamespaceClient client, string id, string? image, CancellationToken cancellationToken)
    {
        await ContainerRecord.RefuseExistingAsync(client, Identifiers.Validated(ObjectKinds.Container, id), cancellationToken).ConfigureAwait(false);
        if (image is not null)
        {
            await ImageLookup.GetAsync(client, image, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(Wire.ImagesV1.Image Image, ImageDocument Config, string Top)> ImageAsync(
        NamespaceClient client, ContainerRequest request, string snapshotter, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image image = await ImageLookup.GetAsync(client, request.Image!, cancellationToken).ConfigureAwait(false);
        PlatformImage found = await PlatformAsync(client, image, request.Platform, cancellationToken).ConfigureAwait(false);
        string top = await new ImageUnpacker(client, snapshotter).UnpackAsync($"'{image.Name}'", found.Manifest, found.Config, cancellationToken).ConfigureAwait(false);
        return (image, found.Config, top);
    }

    /// <summary>The image for the platform asked for, or for this machine: an image that is one manifest names its platform too.</summary>
    private static async Task<PlatformImage> PlatformAsync(NamespaceClient client, Wire.ImagesV1.Image image, OciPlatform? platform, CancellationToken cancellationToken)
    {
        const string Advice = " -Platform takes another one, for a machine that can run it, by emulation or otherwise.";
        PlatformImage found;
        try
        {
            found = await PlatformImage.ReadAsync(client, image, platform, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Reason == "PlatformNotFound")
        {
            throw new ContainerdException(e.Code, e.Message + Advice, e) { Reason = e.Reason };
        }

        // A configuration without an architecture says nothing that could be wrong.
        PlatformMatcher host = PlatformMatcher.For(Platforms.Host);
        return platform is not null || found.Platform.Architecture.Length == 0 || host.Matches(found.Platform)
            ? found
            : throw new ContainerdException(
                ContainerdErrorCode.NotFound, $"The image '{image.Name}' has nothing for {host.Wanted}: it is for {found.Platform}.{Advice}") { Reason = "PlatformNotFound" };
    }
}
