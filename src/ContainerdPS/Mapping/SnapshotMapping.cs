using ContainerdPS.Services;
using ContainerdPS.Snapshots;
using ContainerdPS.Wire.SnapshotsV1;

namespace ContainerdPS.Mapping;

/// <summary>Snapshots and their mounts to what users hold.</summary>
internal static class SnapshotMapping
{
    public static ContainerSnapshot ToModel(NamespaceClient client, string snapshotter, Info wire, IReadOnlyList<string> mountPoints, TreePlace? place) =>
        new(client.Session, client.Namespace, snapshotter, wire.Name)
        {
            Kind = wire.Kind switch
            {
                Kind.View => ContainerSnapshotKind.View,
                Kind.Active => ContainerSnapshotKind.Active,
                Kind.Committed => ContainerSnapshotKind.Committed,
                _ => ContainerSnapshotKind.Unknown,
            },
            Parent = wire.Parent.Length > 0 ? wire.Parent : null,
            Depth = place?.Depth,
            Branch = place?.Branch ?? string.Empty,
            MountPoints = mountPoints,
            Labels = ContainerMapping.Labels(wire.Labels),
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            UpdatedAt = Timestamps.ToLocal(wire.UpdatedAt),
        };

    public static ContainerSnapshotMount ToModel(NamespaceClient client, string snapshotter, string key, Wire.Types.Mount wire) =>
        new(client.Session, client.Namespace, snapshotter, key)
        {
            Type = wire.Type,
            Source = wire.Source,
            Target = wire.Target,
            Options = [.. wire.Options],
        };
}
