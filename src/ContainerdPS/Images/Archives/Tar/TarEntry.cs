namespace ContainerdPS.Images.Archives.Tar;

/// <summary>The header of one tar entry.</summary>
internal sealed record TarEntry
{
    /// <summary>The path as the archive gives it; a folder's may end with a slash.</summary>
    public required string Name { get; init; }

    public required TarEntryKind Kind { get; init; }

    /// <summary>The bytes of content that follow in the archive.</summary>
    public long Size { get; init; }

    /// <summary>Permission bits, with set-user-id, set-group-id and sticky; no file type.</summary>
    public int Mode { get; init; }

    public long UserId { get; init; }

    public long GroupId { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long ModifiedSeconds { get; init; }

    /// <summary>The target of a link, as the archive gives it.</summary>
    public string LinkTarget { get; init; } = string.Empty;

    public long DeviceMajor { get; init; }

    public long DeviceMinor { get; init; }

    /// <summary>Extended attributes by name. Read only when written: nothing looks at those of an archive.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> ExtendedAttributes { get; init; } = [];
}
