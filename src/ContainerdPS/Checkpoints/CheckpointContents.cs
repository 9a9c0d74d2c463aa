using ContainerdPS.Images;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.RuncOptions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Checkpoints;

/// <summary>A checkpoint as it is read: ours, or one of containerd's own client.</summary>
internal sealed class CheckpointContents
{
    private readonly ImageIndex index;

    private CheckpointContents(string name, OciDescriptor target, ImageIndex index)
    {
        Name = name;
        Target = target;
        this.index = index;
    }

    /// <summary>The full name of the checkpoint.</summary>
    public string Name { get; }

    public OciDescriptor Target { get; }

    /// <summary>The image the container was made of; null when the checkpoint does not carry it.</summary>
    public OciDescriptor? Image => index.Manifests?.FirstOrDefault(static part => MediaTypes.IsManifest(part.MediaType) || MediaTypes.IsIndex(part.MediaType));

    /// <summary>The name of that image; null for a container of no image.</summary>
    public string? ImageName => Annotation(CheckpointIndex.ImageName) ?? Annotation("image.name");

    /// <summary>What the container had changed of its image's files; null when the checkpoint does not carry it.</summary>
    public OciDescriptor? ReadWriteLayer => index.Manifests?.FirstOrDefault(static part => MediaTypes.IsLayer(part.MediaType));

    /// <summary>The dump of the processes; null when the checkpoint does not carry it.</summary>
    public OciDescriptor? Processes => CheckpointIndex.Part(index, CheckpointIndex.Processes);

    public string? Runtime => Annotation(CheckpointIndex.Runtime);

    public string? Snapshotter => Annotation(CheckpointIndex.Snapshotter);

    /// <summary>The container it was made of; null when it does not say so.</summary>
    public string? OriginId => Annotation(CheckpointIndex.OriginId);

    public string? OriginNamespace => Annotation(CheckpointIndex.OriginNamespace);

    /// <summary>The chain id of what the read-write layer lies on; null when it does not say so.</summary>
    public string? Parent => Annotation(CheckpointIndex.Parent);

    /// <summary>The labels the container had; null when it does not say so.</summary>
    public IReadOnlyDictionary<string, string>? Labels => OriginId is null ? null : (index.Annotations ?? new Dictionary<string, string>())
        .Where(static annotation => annotation.Key.StartsWith(CheckpointIndex.ContainerLabel, StringComparison.Ordinal))
        .ToDictionary(static annotation => annotation.Key[CheckpointIndex.ContainerLabel.Length..], static annotation => annotation.Value, StringComparer.Ordinal);

    /// <summary>Reads the checkpoint of a name, full or short.</summary>
    /// <exception cref="ContainerdException">There is none, it is no checkpoint, or it is of another platform.</exception>
    public static async Task<CheckpointContents> ReadAsync(NamespaceClient client, string name, CancellationToken cancellationToken)
    {
        Wire.ImagesV1.Image image = await ImageLookup.GetAsync(client, name, cancellationToken).ConfigureAwait(false);
        OciDescriptor target = DescriptorMapping.FromWire(image.Target);
        ImageIndex? index = MediaTypes.IsIndex(target.MediaType)
            ? await new ImageReader(client).IndexDocumentAsync(target, cancellationToken).ConfigureAwait(false)
            : null;
        if (index is null || !CheckpointIndex.Is(index))
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The image '{image.Name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is not a checkpoint of a container. Checkpoint-Container makes one; New-Container makes a container of an image.") { Reason = "NotACheckpoint" };
        }

        RefuseForeign(image.Name, index);
        return new CheckpointContents(image.Name, target, index);
    }

    /// <summary>The options of the container's runtime; null when there are none.</summary>
    public Task<Any?> RuntimeOptionsAsync(NamespaceClient client, CancellationToken cancellationToken) => AnyAsync(client, CheckpointIndex.RuntimeOptions, cancellationToken);

    /// <summary>The container's spec; null when the checkpoint does not carry it.</summary>
    public Task<Any?> SpecAsync(NamespaceClient client, CancellationToken cancellationToken) => AnyAsync(client, CheckpointIndex.Spec, cancellationToken);

    /// <summary>The options the processes were dumped with; none where the checkpoint does not say.</summary>
    public async Task<CheckpointOptions> OptionsAsync(NamespaceClient client, CancellationToken cancellationToken) =>
        await AnyAsync(client, CheckpointIndex.Options, cancellationToken).ConfigureAwait(false) is { } options && options.TypeUrl.EndsWith(CheckpointOptions.Descriptor.FullName, StringComparison.Ordinal)
            ? CheckpointOptions.Parser.ParseFrom(options.Value)
            : new CheckpointOptions();

    private static void RefuseForeign(string name, ImageIndex index)
    {
        PlatformMatcher host = PlatformMatcher.Exactly(Platforms.Host with { OsVersion = null });
        foreach (OciDescriptor part in index.Manifests ?? [])
        {
            bool isOwn = !MediaTypes.IsManifest(part.MediaType) && !MediaTypes.IsIndex(part.MediaType);
            if (isOwn && part.Platform is { } platform && !host.Matches(platform))
            {
                throw new ContainerdException(
                    ContainerdErrorCode.FailedPrecondition,
                    $"The checkpoint '{name}' was made on {platform}, and this is {Platforms.Host}: neither its files nor its processes are of use here. Restore it on a machine of that platform.") { Reason = "CheckpointPlatformMismatch" };
            }
        }
    }

    private string? Annotation(string key) => index.Annotations?.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    private async Task<Any?> AnyAsync(NamespaceClient client, string mediaType, CancellationToken cancellationToken)
    {
        if (CheckpointIndex.Part(index, mediaType) is not { } part)
        {
            return null;
        }

        ReadOnlyMemory<byte> content = await client.Content.ReadDocumentAsync(part.Digest, ImageReader.DocumentLimit, cancellationToken).ConfigureAwait(false);
        try
        {
            return Any.Parser.ParseFrom(content.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ContainerdException(ContainerdErrorCode.DataLoss, $"The checkpoint '{Name}' is damaged: its part {part.Digest} ({mediaType}) cannot be read.", e) { Reason = "DamagedCheckpoint" };
        }
    }
}
