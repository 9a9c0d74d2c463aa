using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Mapping;

/// <summary>Blobs and unended writes to what users hold.</summary>
internal static class ContentMapping
{
    public static ContainerdContent ToModel(NamespaceClient client, Info wire, string? mediaType) =>
        new(client.Session, client.Namespace, wire.Digest)
        {
            Size = wire.Size,
            MediaType = mediaType,
            Labels = ContainerMapping.Labels(wire.Labels),
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            UpdatedAt = Timestamps.ToLocalOrNull(wire.UpdatedAt),
        };

    public static ContainerdIngest ToModel(NamespaceClient client, Status wire) =>
        new(client.Session, client.Namespace, wire.Ref)
        {
            Written = wire.Offset,
            Total = wire.Total > 0 ? wire.Total : null,
            ExpectedDigest = wire.Expected.Length > 0 ? wire.Expected : null,
            StartedAt = Timestamps.ToLocal(wire.StartedAt),
            UpdatedAt = Timestamps.ToLocal(wire.UpdatedAt),
        };
}
