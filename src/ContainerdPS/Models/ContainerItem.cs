namespace ContainerdPS;

/// <summary>A file or folder in a container, as it was when it was looked at.</summary>
public sealed class ContainerItem : ContainerdObject
{
    internal ContainerItem(ContainerdSession session, string @namespace, string container, string path)
        : base(session, @namespace)
    {
        Container = container;
        Path = path;
    }

    /// <summary>The id of the container.</summary>
    public string Container { get; }

    /// <summary>The absolute path in the container.</summary>
    public string Path { get; }

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>What it is.</summary>
    public ContainerItemKind Kind { get; internal init; }

    /// <summary>Bytes of content; of a symbolic link the length of its target, of a folder what its file system says.</summary>
    public long Length { get; internal init; }

    /// <summary>The permissions.</summary>
    public UnixFileMode Mode { get; internal init; }

    /// <summary>The user it belongs to, by the ids inside the container.</summary>
    public uint UserId { get; internal init; }

    /// <summary>The group it belongs to, by the ids inside the container.</summary>
    public uint GroupId { get; internal init; }

    /// <summary>When its content was last changed, in local time.</summary>
    public DateTimeOffset LastWriteTime { get; internal init; }

    /// <summary>Where a symbolic link leads; null for all else.</summary>
    public string? LinkTarget { get; internal init; }

    /// <summary>Gives <c>CONTAINER:PATH</c>, which Copy-ContainerItem takes.</summary>
    /// <returns>The container and the path.</returns>
    public override string ToString() => $"{Container}:{Path}";
}
