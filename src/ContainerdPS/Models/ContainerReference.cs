namespace ContainerdPS;

/// <summary>
/// A container as a command takes it: its id, or an object that carries its session and namespace along. Text and
/// <see cref="ContainerdPS.Container"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerReference : ContainerdReference
{
    /// <summary>Refers to a container by its id.</summary>
    /// <param name="id">The id.</param>
    public ContainerReference(string id)
        : base(Given(id), id, null) => Id = id;

    /// <summary>Refers to a container that was read.</summary>
    /// <param name="container">The container.</param>
    public ContainerReference(Container container)
        : base(Given(container).Id, container, container)
    {
        Id = container.Id;
        Object = container;
    }

    /// <summary>Refers to the container of a label that was read.</summary>
    /// <param name="label">The label.</param>
    public ContainerReference(ContainerLabel label)
        : base(Given(label).Container, label, label) => Id = label.Container;

    /// <summary>Refers to the container of an extension that was read.</summary>
    /// <param name="extension">The extension.</param>
    public ContainerReference(ContainerExtension extension)
        : base(Given(extension).Container, extension, extension) => Id = extension.Container;

    /// <summary>Refers to the container whose task was measured.</summary>
    /// <param name="metrics">What it used.</param>
    public ContainerReference(ContainerMetrics metrics)
        : base(Given(metrics).Container, metrics, metrics) => Id = metrics.Container;

    /// <summary>Refers to the container of a line of its log.</summary>
    /// <param name="line">The line.</param>
    public ContainerReference(ContainerLogLine line)
        : base(Given(line).Container, line, line) => Id = line.Container;

    /// <summary>Refers to the container of a task that was read.</summary>
    /// <param name="task">The task.</param>
    public ContainerReference(ContainerTask task)
        : base(Given(task).Container, task, task) => Id = task.Container;

    /// <summary>Refers to the container of a process that was read.</summary>
    /// <param name="process">The process.</param>
    public ContainerReference(ContainerProcess process)
        : base(Given(process).Container, process, process) => Id = process.Container;

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The container as it was read; null when only its id was given.</summary>
    public Container? Object { get; }
}
