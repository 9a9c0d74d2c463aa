using ContainerdPS.Images;
using ContainerdPS.Images.Archives;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.Types;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Checkpoints;

/// <summary>Writes the parts of a checkpoint into the content store, and the index that holds them together. All under a lease.</summary>
internal sealed class CheckpointWriter(NamespaceClient client, CheckpointPlan plan)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly ContentSink sink = new(client);
    private readonly List<OciDescriptor> parts = [];

    /// <summary>How many parts there are.</summary>
    public int Count => parts.Count;

    private Wire.ContainersV1.Container Container => plan.Container;

    /// <summary>Forgets the parts after the first so many.</summary>
    public void Truncate(int count) => parts.RemoveRange(count, parts.Count - count);

    /// <summary>The image the container was made of: nothing is written, but from here on it is held.</summary>
    public async Task AddImageAsync(CancellationToken cancellationToken)
    {
        await client.Leases.AddContentAsync(client.Lease!, plan.Image!.Digest, cancellationToken).ConfigureAwait(false);
        parts.Add(plan.Image);
    }

    /// <summary>The runtime's options where there are any.</summary>
    public async Task AddRuntimeAsync(CancellationToken cancellationToken)
    {
        if (Container.Runtime?.Options is { Value.IsEmpty: false } options)
        {
            await AddAsync(CheckpointIndex.RuntimeOptions, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The spec, which is otherwise written with the task.</summary>
    public async Task AddSpecAsync(CancellationToken cancellationToken)
    {
        if (Container.Spec is { } spec)
        {
            await AddAsync(CheckpointIndex.Spec, spec, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the spec as the daemon does with a task, without taking it in.</summary>
    public async Task<ContentDescriptor> WriteSpecAsync(CancellationToken cancellationToken) => DescriptorMapping.ToWire(
        await sink.WriteDocumentAsync(CheckpointIndex.Spec, (Container.Spec ?? new Any()).ToByteArray(), cancellationToken).ConfigureAwait(false));

    /// <summary>The options the processes are dumped with.</summary>
    public Task AddOptionsAsync(Any options, CancellationToken cancellationToken) => AddAsync(CheckpointIndex.Options, options, cancellationToken);

    /// <summary>What the container has changed of its image's files.</summary>
    public async Task AddReadWriteLayerAsync(CancellationToken cancellationToken)
    {
        string reference = $"checkpoint-rw-{Container.SnapshotKey}-{client.Lease}";
        Task<OciDescriptor> writing = SnapshotDiff.WriteAsync(
            client, Container.Snapshotter, Container.SnapshotKey, MediaTypes.OciLayerGzip, reference, cancellationToken);
        await WatchAsync(
            writing,
            async () => await client.Content.FindIngestAsync(reference, cancellationToken).ConfigureAwait(false) is { } status
                ? $"writing the read-write layer, {Formatting.Size(status.Offset)} so far"
                : "writing the read-write layer").ConfigureAwait(false);
        Add(await writing.ConfigureAwait(false));
    }

    /// <summary>What the daemon has written of the task.</summary>
    public void AddTask(IEnumerable<ContentDescriptor> descriptors)
    {
        foreach (ContentDescriptor descriptor in descriptors)
        {
            Add(DescriptorMapping.FromWire(descriptor));
        }
    }

    /// <summary>The index. Its labels keep the parts from the garbage collection as long as it is kept itself.</summary>
    public async Task<OciDescriptor> WriteIndexAsync(CancellationToken cancellationToken)
    {
        var index = new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = parts, Annotations = await AnnotationsAsync(cancellationToken).ConfigureAwait(false) };
        OciDescriptor written = await sink.WriteDocumentAsync(MediaTypes.OciIndex, ImageJson.Serialize(index), cancellationToken).ConfigureAwait(false);
        await sink.SetLabelsAsync(written.Digest, GcLabels.ForIndex([.. parts.Select(static part => part.Digest)]), cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <summary>Tells how far work is until it ends, which its own task tells.</summary>
    public async Task WatchAsync(Task work, Func<Task<string>> look)
    {
        while (plan.Request.Progress is { } tell && await Task.WhenAny(work, Task.Delay(LookInterval, CancellationToken.None)).ConfigureAwait(false) != work)
        {
            try
            {
                tell(await look().ConfigureAwait(false));
            }
            catch (Exception e) when (e is ContainerdException or OperationCanceledException)
            {
                // The work itself meets the same.
            }
        }

        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Dictionary<string, string>> AnnotationsAsync(CancellationToken cancellationToken)
    {
        var annotations = new Dictionary<string, string>
        {
            [CheckpointIndex.Runtime] = Container.Runtime?.Name ?? string.Empty,
            [CheckpointIndex.OriginNamespace] = client.Namespace,
            [CheckpointIndex.OriginId] = Container.Id,
        };
        if (Container.Image.Length > 0)
        {
            annotations[CheckpointIndex.ImageName] = Container.Image;
        }

        if (Container.SnapshotKey.Length > 0)
        {
            annotations[CheckpointIndex.Snapshotter] = Container.Snapshotter;
            if (await client.Snapshots.FindAsync(Container.Snapshotter, Container.SnapshotKey, cancellationToken).ConfigureAwait(false) is { Parent.Length: > 0 } snapshot)
            {
                annotations[CheckpointIndex.Parent] = snapshot.Parent;
            }
        }

        foreach ((string key, string value) in Container.Labels)
        {
            annotations[CheckpointIndex.ContainerLabel + key] = value;
        }

        return annotations;
    }

    private async Task AddAsync(string mediaType, Any value, CancellationToken cancellationToken) =>
        Add(await sink.WriteDocumentAsync(mediaType, value.ToByteArray(), cancellationToken).ConfigureAwait(false));

    /// <summary>Every part but the image says what it can be restored on: the daemon's own platform, which is this one's.</summary>
    private void Add(OciDescriptor part) => parts.Add(part with { Platform = new OciPlatform { Architecture = Platforms.Host.Architecture, Os = Platforms.Host.Os, Variant = Platforms.Host.Variant } });
}
