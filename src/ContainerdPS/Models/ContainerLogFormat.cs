namespace ContainerdPS;

/// <summary>How the lines of a container's log are written.</summary>
public enum ContainerLogFormat
{
    /// <summary>What the container wrote and nothing else, as containerd's log files have it.</summary>
    Text,

    /// <summary>Kubernetes' form: <c>2024-05-01T12:00:00.000000001Z stdout F text</c>.</summary>
    Cri,

    /// <summary>Docker's and nerdctl's form: <c>{"log":"text\n","stream":"stdout","time":"2024-05-01T12:00:00.000000001Z"}</c>.</summary>
    Json,
}
