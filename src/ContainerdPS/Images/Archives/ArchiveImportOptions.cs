namespace ContainerdPS.Images.Archives;

/// <summary>What an archive of images does not say.</summary>
internal sealed record ArchiveImportOptions
{
    /// <summary>A name without a tag, for images the archive gives only a tag; an only image without either gets its <c>latest</c>.</summary>
    public string? BaseName { get; init; }

    /// <summary>Where temporary files go; the system's folder when null. It has to hold the largest layer of a Docker archive.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Told, in a sentence, about everything that was passed over.</summary>
    public Action<string>? Notice { get; init; }
}
