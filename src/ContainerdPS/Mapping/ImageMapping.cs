using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Mapping;

/// <summary>Image records to what users hold.</summary>
internal static class ImageMapping
{
    public static ContainerImage ToModel(NamespaceClient client, Wire.ImagesV1.Image wire, ImageContents? contents) =>
        new(client.Session, client.Namespace, wire.Name, DescriptorMapping.FromWire(wire.Target))
        {
            Labels = ContainerMapping.Labels(wire.Labels),
            Platforms = contents?.Platforms ?? [],
            Size = contents?.Size,
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            UpdatedAt = Timestamps.ToLocal(wire.UpdatedAt),
        };
}
