namespace ContainerdPS;

/// <summary>
/// An image as a command takes it: its name, full or as people write it (busybox), or an object that carries its session
/// and namespace along. Text, <see cref="ContainerImage"/> and <see cref="Container"/> objects convert to it by themselves.
/// </summary>
public sealed class ContainerImageReference : ContainerdReference
{
    /// <summary>Refers to an image by its name.</summary>
    /// <param name="name">The name, full or short.</param>
    public ContainerImageReference(string name)
        : base(Given(name), name, null) => Name = name;

    /// <summary>Refers to an image that was read.</summary>
    /// <param name="image">The image.</param>
    public ContainerImageReference(ContainerImage image)
        : base(Given(image).Name, image, image) => Name = image.Name;

    /// <summary>Refers to the image a container was made from.</summary>
    /// <param name="container">The container.</param>
    public ContainerImageReference(Container container)
        : base(Given(container).Image, container, container) => Name = container.Image;

    /// <summary>Refers to the image of a mount point.</summary>
    /// <param name="mountPoint">The mount point.</param>
    public ContainerImageReference(ContainerImageMountPoint mountPoint)
        : base(Given(mountPoint).Image, mountPoint, mountPoint) => Name = mountPoint.Image;

    /// <summary>The name.</summary>
    public string Name { get; }
}
