namespace ContainerdPS;

/// <summary>
/// A container as a command takes it: its id, or an object that carries its session and namespace along. Text and
/// <see cref="ContainerdPS.Container"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerReference
{
    /// <summary>Refers to a container by its id.</summary>
    /// <param name="id">The id.</param>
    public ContainerReference(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        Id = id;
        Source = id;
    }

    /// <summary>Refers to a container that was read.</summary>
    /// <param name="container">The container.</param>
    public ContainerReference(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        Id = container.Id;
        Session = container.Session;
        Namespace = container.Namespace;
        Object = container;
        Source = container;
    }

    /// <summary>Refers to the container of a label that was read.</summary>
    /// <param name="label">The label.</param>
    public ContainerReference(ContainerLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Id = label.Container;
        Session = label.Session;
        Namespace = label.Namespace;
        Source = label;
    }

    /// <summary>Refers to the container of an extension that was read.</summary>
    /// <param name="extension">The extension.</param>
    public ContainerReference(ContainerExtension extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        Id = extension.Container;
        Session = extension.Session;
        Namespace = extension.Namespace;
        Source = extension;
    }

    /// <summary>Refers to the container of a task that was read.</summary>
    /// <param name="task">The task.</param>
    public ContainerReference(ContainerTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Id = task.Container;
        Session = task.Session;
        Namespace = task.Namespace;
        Source = task;
    }

    /// <summary>Refers to the container of a process that was read.</summary>
    /// <param name="process">The process.</param>
    public ContainerReference(ContainerProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        Id = process.Container;
        Session = process.Session;
        Namespace = process.Namespace;
        Source = process;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The container as it was read; null when only its id was given.</summary>
    public Container? Object { get; }

    /// <summary>The session it was read through; null when only its id was given.</summary>
    public ContainerdSession? Session { get; }

    /// <summary>The namespace it is in; null when only its id was given.</summary>
    public string? Namespace { get; }

    internal object Source { get; }

    /// <summary>Gives the id.</summary>
    /// <returns>The value of <see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
