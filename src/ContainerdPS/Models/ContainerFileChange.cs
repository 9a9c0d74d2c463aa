namespace ContainerdPS;

/// <summary>A path by which a container's files differ from those of its image.</summary>
public sealed class ContainerFileChange : ContainerdObject
{
    internal ContainerFileChange(ContainerdSession session, string @namespace, string container, string path)
        : base(session, @namespace)
    {
        Container = container;
        Path = path;
    }

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The path inside the container.</summary>
    public string Path { get; }

    /// <summary>What became of it.</summary>
    public ContainerFileChangeKind Change { get; internal init; }

    /// <summary>What it is now, or was when it is gone.</summary>
    public ContainerFileKind Kind { get; internal init; }

    /// <summary>The bytes of a file now, or when it was there; 0 for the rest.</summary>
    public long Size { get; internal init; }

    /// <summary>Permission bits in octal digits, such as <c>0644</c>.</summary>
    public string Mode { get; internal init; } = string.Empty;

    /// <summary>The owner's number.</summary>
    public long UserId { get; internal init; }

    /// <summary>The owning group's number.</summary>
    public long GroupId { get; internal init; }

    /// <summary>When it was last changed, in local time.</summary>
    public DateTimeOffset ModifiedAt { get; internal init; }

    /// <summary>What a link leads to; null for the rest.</summary>
    public string? LinkTarget { get; internal init; }

    /// <summary>Gives the change and the path.</summary>
    /// <returns>Such as <c>Added /etc/motd</c>.</returns>
    public override string ToString() => $"{Change} {Path}";
}
