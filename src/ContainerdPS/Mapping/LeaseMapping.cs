using ContainerdPS.Services;
using ContainerdPS.Wire.LeasesV1;

namespace ContainerdPS.Mapping;

/// <summary>Leases to what users hold.</summary>
internal static class LeaseMapping
{
    public static ContainerdLease ToModel(NamespaceClient client, Lease wire, IReadOnlyList<Resource> resources) =>
        new(client.Session, client.Namespace, wire.Id)
        {
            Labels = ContainerMapping.Labels(wire.Labels),
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            ExpiresAt = GcLabel.ExpiryOf(wire.Labels)?.ToLocalTime(),
            Resources = resources.Select(static resource => new ContainerdLeaseResource(resource.Type, resource.Id)).ToArray(),
        };
}
