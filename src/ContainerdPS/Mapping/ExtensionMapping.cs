using ContainerdPS.Services;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Mapping;

/// <summary>Extensions of containers to and from the wire, byte for byte.</summary>
internal static class ExtensionMapping
{
    /// <summary>
    /// Whether there is an extension behind a name. containerd (1.6 to 2.1) never takes a name out of the record: what
    /// was removed stays there with neither type nor bytes, and counts as not there.
    /// </summary>
    public static bool IsThere(Any value) => value.TypeUrl.Length > 0 || !value.Value.IsEmpty;

    public static ContainerExtension ToModel(NamespaceClient client, string container, string name, Any value) =>
        new(client.Session, client.Namespace, container, name, value.TypeUrl, value.Value.ToByteArray());

    public static Any ToWire(string typeUrl, byte[] value) => new() { TypeUrl = typeUrl, Value = ByteString.CopyFrom(value) };
}
