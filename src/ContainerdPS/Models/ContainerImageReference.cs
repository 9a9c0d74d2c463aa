namespace ContainerdPS;

/// <summary>
/// An image as a command takes it: its name, full or as people write it (busybox), or an object that carries its session
/// and namespace along. Text and <see cref="ContainerImage"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerImageReference
{
    /// <summary>Refers to an image by its name.</summary>
    /// <param name="name">The name, full or short.</param>
    public ContainerImageReference(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Source = name;
    }

    /// <summary>Refers to an image that was read.</summary>
    /// <param name="image">The image.</param>
    public ContainerImageReference(ContainerImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Name = image.Name;
        Session = image.Session;
        Namespace = image.Namespace;
        Source = image;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The session it was read through; null when only its name was given.</summary>
    public ContainerdSession? Session { get; }

    /// <summary>The namespace it is in; null when only its name was given.</summary>
    public string? Namespace { get; }

    internal object Source { get; }

    /// <summary>Gives the name.</summary>
    /// <returns>The value of <see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
