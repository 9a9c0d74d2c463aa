using System.Collections.ObjectModel;
using ContainerdPS.Oci;
using ContainerdPS.Wire.Types;

namespace ContainerdPS.Mapping;

/// <summary>OCI descriptors to and from the wire.</summary>
internal static class DescriptorMapping
{
    public static ContentDescriptor ToWire(OciDescriptor descriptor)
    {
        var wire = new ContentDescriptor { MediaType = descriptor.MediaType, Digest = descriptor.Digest, Size = descriptor.Size };
        foreach ((string key, string value) in descriptor.Annotations ?? ReadOnlyDictionary<string, string>.Empty)
        {
            wire.Annotations.Add(key, value);
        }

        return wire;
    }

    public static OciDescriptor FromWire(ContentDescriptor? wire) => new()
    {
        MediaType = wire?.MediaType ?? string.Empty,
        Digest = wire?.Digest ?? string.Empty,
        Size = wire?.Size ?? 0,
        Annotations = wire is { Annotations.Count: > 0 } ? new Dictionary<string, string>(wire.Annotations) : null,
    };
}
