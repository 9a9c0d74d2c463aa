namespace ContainerdPS.Commands;

/// <summary>Which container a piped object is about.</summary>
internal static class TaskSource
{
    /// <summary>The id of the container whose task is meant.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: an object that has nothing to do with a container.</exception>
    public static string IdOf(ContainerdObject input) => input switch
    {
        Container container => container.Id,
        ContainerTask task => task.Container,
        ContainerProcess process => process.Container,
        ContainerLabel label => label.Container,
        ContainerMetrics metrics => metrics.Container,
        ContainerLogLine line => line.Container,
        _ => throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"A {input.GetType().Name} has no task. Pipe containers, tasks or processes.") { Reason = "NotAContainer" },
    };
}
