namespace ContainerdPS.Oci.Image;

/// <summary>Media types of image parts: OCI's, and those of Docker's schema 2 that name the same things.</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    public const string OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    public const string OciForeignLayerZstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";
    public const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    private const string Encrypted = "+encrypted";

    public static bool IsIndex(string? mediaType) => mediaType is OciIndex or DockerManifestList;

    public static bool IsManifest(string? mediaType) => mediaType is OciManifest or DockerManifest;

    public static bool IsConfig(string? mediaType) => mediaType is OciConfig or DockerConfig;

    public static bool IsLayer(string? mediaType) =>
        mediaType is OciLayer or OciLayerGzip or OciLayerZstd or DockerLayer or DockerLayerGzip or DockerLayerZstd
        || IsForeignLayer(mediaType);

    /// <summary>Whether registries do not hold the layer: its descriptor's URLs do.</summary>
    public static bool IsForeignLayer(string? mediaType) =>
        mediaType is OciForeignLayer or OciForeignLayerGzip or OciForeignLayerZstd or DockerForeignLayer or DockerForeignLayerGzip;

    /// <summary>Whether it is a layer that was encrypted; what it was before stands before that word.</summary>
    public static bool IsEncryptedLayer(string? mediaType) =>
        mediaType?.EndsWith(Encrypted, StringComparison.Ordinal) == true && IsLayer(mediaType[..^Encrypted.Length]);

    /// <summary>How a layer's blob is compressed. Encrypted and unknown types count as <see cref="LayerCompression.Unknown"/>.</summary>
    public static LayerCompression CompressionOf(string? mediaType) => mediaType switch
    {
        OciLayer or OciForeignLayer or DockerForeignLayer => LayerCompression.None,
        OciLayerGzip or OciForeignLayerGzip or DockerLayerGzip or DockerForeignLayerGzip => LayerCompression.Gzip,
        OciLayerZstd or OciForeignLayerZstd or DockerLayerZstd => LayerCompression.Zstd,
        // Docker's archives call a layer by this name whether it is compressed or not: only the bytes tell.
        _ => LayerCompression.Unknown,
    };
}
