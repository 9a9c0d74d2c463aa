using ContainerdPS.Images.Archives;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Makes an image of a container: the layers of its image, and one of what the container has changed.</summary>
internal sealed class ContainerCommit
{
    /// <summary>The digest of a tar that holds nothing but its end mark.</summary>
    private const string EmptyTar = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    private readonly NamespaceClient client;
    private readonly CommitRequest request;
    private readonly ContainerBase origin;
    private readonly ContentSink sink;

    private ContainerCommit(NamespaceClient client, CommitRequest request, ContainerBase origin)
    {
        this.client = client;
        this.request = request;
        this.origin = origin;
        sink = new ContentSink(client);
    }

    /// <summary>Refuses what <see cref="RunAsync"/> would refuse for want of a container or for a name that is taken.</summary>
    public static async Task CheckAsync(NamespaceClient client, string container, string name, bool force, CancellationToken cancellationToken)
    {
        ContainerBase origin = await ContainerBase.FindAsync(client, container, cancellationToken).ConfigureAwait(false);
        await ImageChange.RefuseTakenAsync(client, ImageChange.FullName(origin.Image.Name, name), null, force, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the image. Failing, it leaves nothing, and the task runs on.</summary>
    public static async Task<Wire.ImagesV1.Image> RunAsync(NamespaceClient client, CommitRequest request, CancellationToken cancellationToken)
    {
        ContainerBase origin = await ContainerBase.FindAsync(client, request.Container, cancellationToken).ConfigureAwait(false);
        string name = ImageChange.FullName(origin.Image.Name, request.Name);
        _ = request.Config.Apply(origin.Platform.Config.Config);
        return await Interruption.NamedAsync($"The image '{name}' cannot be made of the container '{request.Container}'", null, () => MakeAsync(client, request, origin, name, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task<Wire.ImagesV1.Image> MakeAsync(NamespaceClient client, CommitRequest request, ContainerBase origin, string name, CancellationToken cancellationToken)
    {
        // Said before the work: at its end the daemon says it again.
        await ImageChange.RefuseTakenAsync(client, name, null, request.Force, cancellationToken).ConfigureAwait(false);
        LeaseScope lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            try
            {
                var commit = new ContainerCommit(lease.Client, request, origin);
                await commit.HoldLayersAsync(lease.Client.Lease!, cancellationToken).ConfigureAwait(false);
                PlatformImage made = await commit.WriteAsync(name, cancellationToken).ConfigureAwait(false);
                if (!request.NoUnpack)
                {
                    await new ImageUnpacker(lease.Client, origin.Container.Snapshotter).UnpackAsync($"'{name}'", made.Manifest, made.Config, cancellationToken).ConfigureAwait(false);
                }

                return await commit.NameAsync(name, made, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                lease.CollectAtEnd();
                throw;
            }
        }
    }

    /// <summary>Protects the layers of the container's image, which may be removed meanwhile.</summary>
    private async Task HoldLayersAsync(string lease, CancellationToken cancellationToken)
    {
        foreach (OciDescriptor layer in origin.Platform.Layers)
        {
            if (await client.Content.FindAsync(layer.Digest, cancellationToken).ConfigureAwait(false) is null)
            {
                throw new ContainerdException(
                    ContainerdErrorCode.NotFound,
                    $"The layer {layer.Digest} of the image '{origin.Image.Name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is not here, so an image built on it would not be whole. Get that image once more; Test-ContainerImage tells what it lacks.")
                {
                    Reason = "LayerMissing",
                };
            }

            await client.Leases.AddContentAsync(lease, layer.Digest, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PlatformImage> WriteAsync(string name, CancellationToken cancellationToken)
    {
        OciDescriptor layer = await WriteLayerAsync(cancellationToken).ConfigureAwait(false);
        string diffId = (await client.Content.FindAsync(layer.Digest, cancellationToken).ConfigureAwait(false))?.Labels.GetValueOrDefault(GcLabels.Uncompressed)
            ?? throw new ContainerdException(ContainerdErrorCode.DataLoss, $"The daemon wrote the layer {layer.Digest} without saying what it unpacks to.") { Reason = "WrongDigest" };

        // What is built on an image of Docker's kind is of that kind too: parts of both are an image of neither.
        bool docker = origin.Platform.Descriptor.MediaType == MediaTypes.DockerManifest;
        bool empty = diffId == EmptyTar;
        ImageDocument document = Describe(diffId, empty);
        OciDescriptor config = await sink.WriteDocumentAsync(docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, ImageJson.Serialize(document), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<OciDescriptor> layers = empty ? origin.Platform.Layers : [.. origin.Platform.Layers, docker ? layer with { MediaType = MediaTypes.DockerLayerGzip } : layer];
        string manifestType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var manifest = new ImageManifest { MediaType = manifestType, Config = config, Layers = layers };
        OciDescriptor descriptor = await sink.WriteDocumentAsync(manifestType, ImageJson.Serialize(manifest), cancellationToken).ConfigureAwait(false);
        await sink.SetLabelsAsync(
            descriptor.Digest, GcLabels.ForManifest(config.Digest, layers.Select(static part => part.Digest).ToArray()), cancellationToken).ConfigureAwait(false);
        return new PlatformImage(name, descriptor, manifest, document);
    }

    private async Task<OciDescriptor> WriteLayerAsync(CancellationToken cancellationToken)
    {
        PausedTask? paused = request.NoPause ? null : await PausedTask.BeginAsync(client, request.Container, request.Notice, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Interruption.NamedAsync(
                "The layer of what it has changed cannot be written",
                null,
                () => SnapshotDiff.WriteAsync(client, origin.Container.Snapshotter, origin.Container.SnapshotKey, MediaTypes.OciLayerGzip, $"commit-{client.Lease}", cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            if (paused is not null)
            {
                await paused.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private ImageDocument Describe(string diffId, bool empty)
    {
        ImageDocument document = origin.Platform.Config;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string? author = request.Author ?? document.Author;
        var step = new ImageHistoryEntry
        {
            Created = now,
            CreatedBy = CommandOf(origin.Container),
            Author = author,
            Comment = request.Message,
            EmptyLayer = empty ? true : null,
        };
        return document with
        {
            Created = now,
            Author = author,
            Config = request.Config.Apply(document.Config),
            RootFs = new ImageRootFs { DiffIds = empty ? origin.Platform.DiffIds : [.. origin.Platform.DiffIds, diffId] },
            History = [.. ToldLayers(document), step],
        };
    }

    /// <summary>The history of the container's image, with an entry for each layer it does not tell of: else the new one would be taken for that of another layer.</summary>
    private static IEnumerable<ImageHistoryEntry> ToldLayers(ImageDocument document)
    {
        IReadOnlyList<ImageHistoryEntry> told = document.History ?? [];
        int untold = (document.RootFs?.DiffIds?.Count ?? 0) - told.Count(static entry => entry.EmptyLayer != true);
        return told.Concat(Enumerable.Repeat(new ImageHistoryEntry(), Math.Max(0, untold)));
    }

    /// <summary>What the container ran, as its spec has it.</summary>
    private string? CommandOf(Wire.ContainersV1.Container container)
    {
        try
        {
            return client.Containers.ToModel(container, null).Command;
        }
        catch (ContainerdException)
        {
            return null;
        }
    }

    private async Task<Wire.ImagesV1.Image> NameAsync(string name, PlatformImage made, CancellationToken cancellationToken)
    {
        var record = new Wire.ImagesV1.Image { Name = name, Target = DescriptorMapping.ToWire(made.Descriptor) };
        foreach ((string key, string? value) in request.Config.Labels ?? new Dictionary<string, string?>())
        {
            if (!string.IsNullOrEmpty(value))
            {
                record.Labels[key] = value;
            }
        }

        return await ImageChange.AddNameAsync(client, record, name, new Dictionary<string, string>(), request.Force, cancellationToken).ConfigureAwait(false);
    }
}
