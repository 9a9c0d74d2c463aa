namespace ContainerdPS;

/// <summary>A path by which one tree of files differs from another.</summary>
public abstract class ContainerdFileChange : ContainerdObject
{
    private protected ContainerdFileChange(ContainerdSession session, string @namespace)
        : base(session, @namespace)
    {
    }

    /// <summary>The path inside the tree.</summary>
    public string Path { get; internal set; } = string.Empty;

    /// <summary>What became of it.</summary>
    public ContainerFileChangeKind Change { get; internal set; }

    /// <summary>What it is now, or was when it is gone.</summary>
    public ContainerFileKind Kind { get; internal set; }

    /// <summary>The bytes of a file now, or when it was there; 0 for the rest.</summary>
    public long Size { get; internal set; }

    /// <summary>The bytes of the file before; null when it was not there, or was no file.</summary>
    public long? SizeBefore { get; internal set; }

    /// <summary>Permission bits in octal digits, such as <c>0644</c>.</summary>
    public string Mode { get; internal set; } = string.Empty;

    /// <summary>The owner's number.</summary>
    public long UserId { get; internal set; }

    /// <summary>The owning group's number.</summary>
    public long GroupId { get; internal set; }

    /// <summary>When it was last changed, in local time.</summary>
    public DateTimeOffset ModifiedAt { get; internal set; }

    /// <summary>What a link leads to; null for the rest.</summary>
    public string? LinkTarget { get; internal set; }

    /// <summary>What is compared with what, in words.</summary>
    internal abstract string Compared { get; }

    /// <summary>Gives the change and the path.</summary>
    /// <returns>Such as <c>Added /etc/motd</c>.</returns>
    public override string ToString() => $"{Change} {Path}";
}
