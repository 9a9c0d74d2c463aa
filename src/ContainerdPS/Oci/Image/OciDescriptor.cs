using System.Text.Json;
using System.Text.Json.Serialization;

namespace ContainerdPS.Oci;

/// <summary>A reference to a blob: what it is, its digest, its size.</summary>
public sealed record OciDescriptor
{
    /// <summary>Media type of the blob, such as <c>application/vnd.oci.image.manifest.v1+json</c>.</summary>
    public string MediaType { get => field ?? ""; init; }

    /// <summary>Digest of the blob, such as <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Digest { get => field ?? ""; init; }

    /// <summary>Size of the blob in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Addresses the blob can be had from besides the registry; null when there are none.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Annotations; null when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Platform the blob is for, where an index says it.</summary>
    public OciPlatform? Platform { get; init; }

    /// <summary>Type of the artifact the blob is, where it is none of an image's own parts.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Members of the document this type does not know, by name.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? ExtensionData { get; internal set; }

    /// <summary>The digest.</summary>
    public override string ToString() => Digest;
}
