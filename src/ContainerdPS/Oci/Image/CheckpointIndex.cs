namespace ContainerdPS.Oci.Image;

/// <summary>
/// The index that a checkpoint of a container is, in the form containerd's own client gives it: its parts are told apart
/// by their media types, and what concerns them all stands in its annotations.
/// </summary>
internal static class CheckpointIndex
{
    /// <summary>The dump of the processes: a tar of CRIU's files.</summary>
    public const string Processes = Prefix + "criu.checkpoint.criu.tar";

    /// <summary>The container's spec: a protobuf Any.</summary>
    public const string Spec = Prefix + "checkpoint.config.v1+proto";

    /// <summary>The options the processes were dumped with: a protobuf Any.</summary>
    public const string Options = Prefix + "checkpoint.options.v1+proto";

    /// <summary>The options of the container's runtime: a protobuf Any.</summary>
    public const string RuntimeOptions = Prefix + "checkpoint.runtime.options+proto";

    /// <summary>The annotation with the name of the container's image.</summary>
    public const string ImageName = "org.opencontainers.image.ref.name";

    /// <summary>The annotation with the name of the container's runtime.</summary>
    public const string Runtime = "io.containerd.checkpoint.runtime";

    /// <summary>The annotation with the name of the container's snapshotter.</summary>
    public const string Snapshotter = "io.containerd.checkpoint.snapshotter";

    /// <summary>Ours: the namespace and the id of the container, and the chain id of what its read-write layer lies on.</summary>
    public const string OriginNamespace = "io.containerdps.checkpoint.namespace";
    public const string OriginId = "io.containerdps.checkpoint.container";
    public const string Parent = "io.containerdps.checkpoint.parent";

    /// <summary>Ours: in front of the key of each label the container had.</summary>
    public const string ContainerLabel = "io.containerdps.checkpoint.label/";

    /// <summary>The label that marks the record of a checkpoint.</summary>
    public const string Label = "containerd.io/checkpoint";

    private const string Prefix = "application/vnd.containerd.container.";

    /// <summary>Whether a media type is that of a part only a checkpoint has.</summary>
    public static bool IsPart(string? mediaType) => mediaType?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>Whether an index is a checkpoint and not an image of several platforms.</summary>
    public static bool Is(ImageIndex index) =>
        index.Annotations?.ContainsKey(Runtime) == true || index.Manifests?.Any(static part => IsPart(part.MediaType)) == true;

    /// <summary>The first part of a media type; null when there is none.</summary>
    public static OciDescriptor? Part(ImageIndex index, string mediaType) => index.Manifests?.FirstOrDefault(part => part.MediaType == mediaType);
}
