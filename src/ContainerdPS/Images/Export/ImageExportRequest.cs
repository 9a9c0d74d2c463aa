using ContainerdPS.Images.Progress;

namespace ContainerdPS.Images.Export;

/// <summary>What is exported, and to where.</summary>
internal sealed record ImageExportRequest
{
    /// <summary>The file, as an absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a file that is there is replaced.</summary>
    public bool Replace { get; init; }

    public ArchiveCompression Compression { get; init; }

    public required PlatformChoice Platforms { get; init; }

    /// <summary>Told about what was left out.</summary>
    public Action<string>? Notice { get; init; }

    public required ImageProgress Progress { get; init; }
}
