using ContainerdPS.Oci;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Mapping;

/// <summary>OCI runtime specs to the wire: JSON under the bare name of its type.</summary>
internal static class SpecMapping
{
    /// <summary>The bare name OCI types go by; containerd 2 refuses another at the task's creation, not before.</summary>
    private const string SpecType = "types.containerd.io/opencontainers/runtime-spec/1/Spec";

    public static Any ToWire(RuntimeSpec spec) => new() { TypeUrl = SpecType, Value = ByteString.CopyFrom(SpecJson.Serialize(spec)) };
}
