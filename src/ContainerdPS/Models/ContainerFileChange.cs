namespace ContainerdPS;

/// <summary>A path by which a container's files differ from those of its image.</summary>
public sealed class ContainerFileChange : ContainerdFileChange
{
    internal ContainerFileChange(ContainerdSession session, string @namespace, string container)
        : base(session, @namespace) => Container = container;

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    internal override string Compared => $"container {Container} against its image";
}
