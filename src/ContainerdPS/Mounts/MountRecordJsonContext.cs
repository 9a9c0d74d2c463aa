using System.Text.Json.Serialization;

namespace ContainerdPS.Mounts;

[JsonSerializable(typeof(MountRecord))]
internal sealed partial class MountRecordJsonContext : JsonSerializerContext;
