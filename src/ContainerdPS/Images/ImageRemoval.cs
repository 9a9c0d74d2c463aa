using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Removes images of one namespace, and tells what that frees.</summary>
/// <param name="client">The namespace.</param>
/// <param name="gone">What has gone from namespaces of the same daemon before.</param>
internal sealed class ImageRemoval(NamespaceClient client, GoneBlobs gone)
{
    /// <summary>Set by Kubernetes on images it must not lose, such as that of the pod's sandbox.</summary>
    private const string Pinned = "io.cri-containerd.pinned";

    private readonly ImageUses uses = new(client);
    private GarbageGraph? graph;
    private IReadOnlyList<GarbageNode> last = [];

    public NamespaceClient Client => client;

    /// <summary>The image of a name. One that containers were made from is refused, unless forced.</summary>
    public async Task<Wire.ImagesV1.Image> FindAsync(string name, bool force, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image image = await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false);
        if (!force && await uses.ContainersAsync(image.Name, cancellationToken).ConfigureAwait(false) is { Count: > 0 } containers)
        {
            const int Shown = 5;
            string list = string.Join(", ", containers.Take(Shown)) + (containers.Count > Shown ? $" and {containers.Count - Shown} more" : string.Empty);
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"The image '{image.Name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is in use: {(containers.Count == 1 ? "the container" : "the containers")} {list} {(containers.Count == 1 ? "was" : "were")} made from it. Remove {(containers.Count == 1 ? "it" : "them")} first, or add -Force; containers go on without the image, but cannot be made into images.")
            {
                Reason = "ImageInUse",
                ObjectKind = ObjectKinds.Image,
                ObjectId = image.Name,
            };
        }

        return image;
    }

    /// <summary>The images no container was made from, by this or another name of the same digest; pinned ones only when forced.</summary>
    public async Task<IReadOnlyList<Wire.ImagesV1.Image>> UnusedAsync(bool force, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wire.ImagesV1.Image> all = await client.Images.ListAsync([], cancellationToken).ConfigureAwait(false);
        ILookup<string, string> used = await uses.AllAsync(cancellationToken).ConfigureAwait(false);

        // Kubernetes gives each image several names, and a container has one of them.
        var digests = all.Where(image => used.Contains(image.Name)).Select(static image => image.Target.Digest).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(image => !digests.Contains(image.Target.Digest) && (force || image.Labels.GetValueOrDefault(Pinned) != "pinned"))];
    }

    /// <summary>What the removal of an image frees, those removed before it taken for gone.</summary>
    public async Task<ContainerImageRemoval> FreesAsync(Wire.ImagesV1.Image image, CancellationToken cancellationToken)
    {
        graph ??= await GarbageReader.ReadAsync(client, cancellationToken).ConfigureAwait(false);
        last = graph.Remove(image.Name);
        return Describe(image.Name, image.Target.Digest, last);
    }

    /// <summary>Says that the image asked about last stays after all.</summary>
    public void Keep(Wire.ImagesV1.Image image)
    {
        graph?.Keep(image.Name);
        gone.TakeBack(client.Namespace, last);
    }

    /// <summary>What nothing refers to now, and its removal would free.</summary>
    public async Task<ContainerImageRemoval> UnreferencedAsync(CancellationToken cancellationToken)
    {
        graph ??= await GarbageReader.ReadAsync(client, cancellationToken).ConfigureAwait(false);
        return Describe(string.Empty, string.Empty, graph.Unreferenced);
    }

    /// <summary>Removes a name; with <paramref name="synchronous"/> it waits until what only this name kept is collected.</summary>
    public Task RemoveAsync(Wire.ImagesV1.Image image, bool synchronous, CancellationToken cancellationToken) =>
        client.Images.DeleteAsync(image.Name, synchronous, cancellationToken);

    private ContainerImageRemoval Describe(string name, string digest, IReadOnlyCollection<GarbageNode> nodes)
    {
        GarbageNode[] blobs = [.. nodes.Where(static node => node.Kind == GarbageKind.Blob)];
        GarbageNode[] snapshots = [.. nodes.Where(static node => node.Kind == GarbageKind.Snapshot)];
        return new ContainerImageRemoval(client.Session, client.Namespace, name)
        {
            Digest = digest,
            Blobs = blobs.Length,
            FreedContent = graph!.Size(blobs.Where(blob => gone.Add(client.Namespace, blob, graph.Elsewhere(blob)))),
            Snapshots = snapshots.Length,
            FreedSnapshots = graph.Size(snapshots),
        };
    }
}
