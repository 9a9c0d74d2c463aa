namespace ContainerdPS.Contents;

/// <summary>What is put into the content store, and as what.</summary>
internal sealed record ContentImportRequest
{
    public required ContentSource Source { get; init; }

    /// <summary>The digest it must have; null where any is right.</summary>
    public string? Digest { get; init; }

    /// <summary>Labels of the blob; they are added to those of one that is there already.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The name of the write, under which what was written stays when it breaks off; null for a name and an end of its own.</summary>
    public string? Reference { get; init; }

    /// <summary>Begins anew under that name, whatever is there.</summary>
    public bool Restart { get; init; }

    /// <summary>Told how many bytes the daemon has, and of how many.</summary>
    public Action<long, long?>? Progress { get; init; }
}
