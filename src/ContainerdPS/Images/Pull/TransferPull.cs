using ContainerdPS.Images.Progress;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Registry;
using ContainerdPS.Services;
using ContainerdPS.Wire.TransferTypes;

namespace ContainerdPS.Images.Pull;

/// <summary>
/// Receives an image by the daemon's Transfer service. What the daemon does another way than we do, or leaves undone, is
/// made good afterwards: in the end nobody can tell who did it.
/// </summary>
internal sealed class TransferPull(NamespaceClient client, PullRequest request, RegistryHosts hosts, RegistryWork work, ImageProgress progress)
{
    /// <summary>
    /// Whether a failure is one of what was received, or one nobody knows: then our own way is gone as well. It takes no
    /// damaged bytes over, and says what is wrong with which part.
    /// </summary>
    public static bool IsForOurWay(ContainerdException e) => e.Reason is OwnWay.Unfit or OwnWay.Unknown || PullErrors.IsSpoiled(e) || (e is { Code: ContainerdErrorCode.InvalidArgument, DaemonMessage: null });

    public async Task<ContainerImage> RunAsync(CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image? before = await ImageNaming.FindAsync(client, request.Name, cancellationToken).ConfigureAwait(false);
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                // Of all platforms, containerd 2 unpacks each; we unpack the one that can run here.
                await TransferAsync(lease.Client, before, !request.NoUnpack && !request.AllPlatforms, cancellationToken).ConfigureAwait(false);
                return await CompleteAsync(lease.Client, before, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (FullDisk.Is(e))
            {
                await PullRemains.DropAsync(client, progress).ConfigureAwait(false);
                lease.CollectAtEnd();
                throw;
            }
            catch
            {
                await PullRemains.KeepAsync(client, progress).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task TransferAsync(NamespaceClient leased, Wire.ImagesV1.Image? before, bool unpack, CancellationToken cancellationToken)
    {
        string snapshotter = request.Snapshotter ?? (await NamespaceDefaults.GetAsync(leased, cancellationToken).ConfigureAwait(false)).Snapshotter;
        var store = new ImageStore { Name = request.Name };
        foreach (OciPlatform platform in AcceptedPlatforms())
        {
            store.Platforms.Add(PlatformMapping.ToWire(platform));
        }

        // Among those this machine can run, the first is the best and the only one wanted.
        store.ManifestLimit = request.Platforms.Count == 0 && !request.AllPlatforms ? 1u : 0u;
        foreach (OciPlatform platform in unpack ? request.Platforms.Count == 0 ? [Platforms.Host] : request.Platforms : [])
        {
            store.Unpacks.Add(new UnpackConfiguration { Platform = PlatformMapping.ToWire(platform), Snapshotter = snapshotter });
        }

        // The daemon replaces all labels of a record there is; those of others stay, as they do when we name it.
        foreach ((string key, string value) in before?.Labels ?? [])
        {
            store.Labels[key] = value;
        }

        foreach ((string key, string value) in request.Labels)
        {
            store.Labels[key] = value;
        }

        var failures = new TransferPullFailures(client, request, hosts, progress);
        await new RegistryTransfer(leased, hosts, work, progress).RunAsync(request.Name, registry => (registry, store), failures.TranslateAsync, cancellationToken).ConfigureAwait(false);
    }

    private IEnumerable<OciPlatform> AcceptedPlatforms() =>
        request.AllPlatforms ? [] : request.Platforms.Count > 0 ? request.Platforms : PlatformMatcher.For(Platforms.Host).Accepted;

    /// <summary>Makes sure that all of it is here and unpacked; else the name is as it was before.</summary>
    private async Task<ContainerImage> CompleteAsync(NamespaceClient leased, Wire.ImagesV1.Image? before, CancellationToken cancellationToken)
    {
        bool complete = false;
        try
        {
            Wire.ImagesV1.Image record = await client.Images.GetAsync(request.Name, cancellationToken).ConfigureAwait(false);
            OciDescriptor target = DescriptorMapping.FromWire(record.Target);
            if (!MediaTypes.IsIndex(target.MediaType) && !MediaTypes.IsManifest(target.MediaType))
            {
                // The daemon believes what the registry calls its documents; we look into them.
                throw new ContainerdException(ContainerdErrorCode.Unimplemented, $"The registry calls the manifest of '{request.Name}' '{target.MediaType}'.") { Reason = OwnWay.Unfit };
            }

            IReadOnlyList<ReceivedManifest> manifests = await StoredAsync(leased, target, cancellationToken).ConfigureAwait(false);
            if (await AreLayersMissingAsync(leased, manifests, cancellationToken).ConfigureAwait(false))
            {
                // The daemon leaves out layers whose snapshots it has; then the image could be neither exported nor sent.
                await TransferAsync(leased, record, unpack: false, cancellationToken).ConfigureAwait(false);
            }

            if (!request.NoUnpack)
            {
                var unpacking = new PullUnpacking(leased, request, progress);
                foreach (ReceivedManifest manifest in unpacking.Wanted(manifests))
                {
                    await unpacking.RunAsync(manifest, static _ => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
                }
            }

            complete = true;
            return await ImageNaming.ModelAsync(client, record, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!complete)
            {
                await ImageNaming.RestoreAsync(client, request.Name, before).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The manifests wanted, as they are in the content store now.</summary>
    private async Task<IReadOnlyList<ReceivedManifest>> StoredAsync(NamespaceClient leased, OciDescriptor target, CancellationToken cancellationToken)
    {
        var reader = new ImageReader(leased);
        var found = new List<ReceivedManifest>();
        foreach (PlatformMatcher matcher in request.AllPlatforms ? [PlatformMatcher.For(Platforms.Host)] : request.Matchers)
        {
            try
            {
                (OciDescriptor descriptor, ImageManifest manifest) = await reader.ManifestAsync(request.Name, target, matcher, cancellationToken).ConfigureAwait(false);
                ImageDocument? config = MediaTypes.IsConfig(manifest.Config?.MediaType) ? await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false) : null;
                var received = new ReceivedManifest(descriptor, manifest, config);
                found.Add(request.Platforms.Count == 0 || matcher.Matches(received.Platform)
                    ? received
                    : throw PullErrors.PlatformNotFound(request.Name, string.Join(", ", request.Platforms), [$"{received.Platform}"]));
            }
            catch (ContainerdException e) when (e.Reason == "PlatformNotFound" && request.AllPlatforms)
            {
                // Nothing for this machine is no reason not to have the others.
            }
        }

        return found;
    }

    private static async Task<bool> AreLayersMissingAsync(NamespaceClient leased, IReadOnlyList<ReceivedManifest> manifests, CancellationToken cancellationToken)
    {
        foreach (OciDescriptor layer in manifests.SelectMany(static manifest => manifest.Layers))
        {
            if (await leased.Content.FindAsync(layer.Digest, cancellationToken).ConfigureAwait(false) is null)
            {
                return true;
            }
        }

        return false;
    }
}
