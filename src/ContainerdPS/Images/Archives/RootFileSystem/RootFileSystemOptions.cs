using ContainerdPS.Oci;

namespace ContainerdPS.Images.Archives.RootFileSystem;

/// <summary>What a root file system does not say about the image it becomes.</summary>
internal sealed record RootFileSystemOptions
{
    /// <summary>The image's name, already normalised; null for an image without one.</summary>
    public string? Name { get; init; }

    /// <summary>What the programs in it run on; this machine's architecture when null. The operating system is always Linux.</summary>
    public OciPlatform? Platform { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Variables as <c>NAME=value</c>; a PATH of the usual folders is added when none is given.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? StopSignal { get; init; }

    /// <summary>Ports as <c>80/tcp</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>When the image was made; now when null. Given, the same input makes the same image.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The modification time every entry of a folder gets; each file's own when null.</summary>
    public DateTimeOffset? ModifiedTime { get; init; }

    /// <summary>What the history says made the layer.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Where temporary files go; the system's folder when null. It has to hold the compressed layer.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Told, in a sentence, about everything that was left out.</summary>
    public Action<string>? Notice { get; init; }
}
