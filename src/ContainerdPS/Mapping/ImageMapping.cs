using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Mapping;

/// <summary>Image records to what users hold.</summary>
internal static class ImageMapping
{
    public static ContainerImage ToModel(NamespaceClient client, Wire.ImagesV1.Image wire, ImageContents? contents, IReadOnlyList<string> containers) =>
        new(client.Session, client.Namespace, wire.Name, DescriptorMapping.FromWire(wire.Target))
        {
            Labels = ContainerMapping.Labels(wire.Labels),
            Platforms = contents?.Platforms ?? [],
            Size = contents?.Size,
            UnpackedSize = contents?.UnpackedSize,
            Snapshotters = contents?.Snapshotters ?? [],
            Containers = containers,
            BuiltAt = contents?.BuiltAt?.ToLocalTime(),
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            UpdatedAt = Timestamps.ToLocal(wire.UpdatedAt),
        };
}
