using System.Collections.ObjectModel;
using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;

namespace ContainerdPS.Mapping;

/// <summary>Container records to what users hold.</summary>
internal static class ContainerMapping
{
    public static Container ToModel(NamespaceClient client, Wire.ContainersV1.Container wire, Process? task)
    {
        ContainerStatus status = task is null ? ContainerStatus.NoTask : Status(task.Status);
        bool ended = status == ContainerStatus.Stopped;
        return new Container(client.Session, client.Namespace, wire.Id, wire.Spec?.Value.Memory ?? default)
        {
            Image = wire.Image,
            Status = status,
            ProcessId = task is null ? null : (int)task.Pid,
            ExitCode = ended ? (int)task!.ExitStatus : null,
            ExitedAt = ended ? Timestamps.ToLocalOrNull(task!.ExitedAt) : null,
            Labels = Labels(wire.Labels),
            CreatedAt = Timestamps.ToLocal(wire.CreatedAt),
            UpdatedAt = Timestamps.ToLocal(wire.UpdatedAt),
            Runtime = wire.Runtime?.Name ?? string.Empty,
            Snapshotter = wire.Snapshotter,
            SnapshotKey = wire.SnapshotKey,
            Sandbox = wire.Sandbox,
            Extensions = Extensions(wire),
        };
    }

    public static ReadOnlyDictionary<string, string> Labels(IDictionary<string, string> labels) =>
        labels.Count == 0 ? ReadOnlyDictionary<string, string>.Empty : new ReadOnlyDictionary<string, string>(labels);

    public static ContainerStatus Status(Status status) => status switch
    {
        Wire.TaskTypes.Status.Created => ContainerStatus.Created,
        Wire.TaskTypes.Status.Running => ContainerStatus.Running,
        Wire.TaskTypes.Status.Stopped => ContainerStatus.Stopped,
        Wire.TaskTypes.Status.Paused => ContainerStatus.Paused,
        Wire.TaskTypes.Status.Pausing => ContainerStatus.Pausing,
        _ => ContainerStatus.Unknown,
    };

    private static ReadOnlyDictionary<string, string> Extensions(Wire.ContainersV1.Container wire)
    {
        if (wire.Extensions.Count == 0)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        var extensions = new Dictionary<string, string>(wire.Extensions.Count, StringComparer.Ordinal);
        foreach ((string name, Google.Protobuf.WellKnownTypes.Any value) in wire.Extensions)
        {
            if (ExtensionMapping.IsThere(value))
            {
                extensions[name] = value.TypeUrl;
            }
        }

        return new ReadOnlyDictionary<string, string>(extensions);
    }
}
