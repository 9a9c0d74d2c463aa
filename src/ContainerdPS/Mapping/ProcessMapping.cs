using ContainerdPS.Services;
using ContainerdPS.Wire.TaskTypes;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Mapping;

/// <summary>Tasks and processes to what users hold.</summary>
internal static class ProcessMapping
{
    public static ContainerTask ToTask(NamespaceClient client, string container, Process wire)
    {
        ContainerStatus status = ContainerMapping.Status(wire.Status);
        bool ended = status == ContainerStatus.Stopped;
        return new ContainerTask(client.Session, client.Namespace, container)
        {
            Status = status,
            ProcessId = (int)wire.Pid,
            ExitCode = ended ? (int)wire.ExitStatus : null,
            ExitedAt = ended ? Timestamps.ToLocalOrNull(wire.ExitedAt) : null,
            Terminal = wire.Terminal,
            StandardInput = wire.Stdin,
            StandardOutput = wire.Stdout,
            StandardError = wire.Stderr,
        };
    }

    public static ContainerProcess ToProcess(NamespaceClient client, ProcessAddress address, Process wire, string? command)
    {
        ContainerStatus status = ContainerMapping.Status(wire.Status);
        bool ended = status == ContainerStatus.Stopped;
        return new ContainerProcess(client.Session, client.Namespace, address.Container, address.Exec)
        {
            ProcessId = (int)wire.Pid,
            Status = status,
            ExitCode = ended ? (int)wire.ExitStatus : null,
            ExitedAt = ended ? Timestamps.ToLocalOrNull(wire.ExitedAt) : null,
            Command = command,
        };
    }

    public static ContainerExitStatus ToExitStatus(NamespaceClient client, ProcessAddress address, uint exitStatus, Timestamp? exitedAt) =>
        new(client.Session, client.Namespace, address.Container)
        {
            Process = address.Exec,
            ExitCode = (int)exitStatus,
            ExitedAt = Timestamps.ToLocalOrNull(exitedAt),
        };
}
