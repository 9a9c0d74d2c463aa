using ContainerdPS.Images.Archives.RootFileSystem;
using ContainerdPS.Images.Progress;
using ContainerdPS.Oci;

namespace ContainerdPS.Images;

/// <summary>What is imported, and as what.</summary>
internal sealed record ImageImportRequest
{
    /// <summary>The file or folder, as an absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The full name of the one image; null for the names the archive gives.</summary>
    public string? Name { get; init; }

    /// <summary>The repository for images that the archive gives only a tag.</summary>
    public string? BaseName { get; init; }

    /// <summary>The platforms wanted of an archive's images, each of which all of them must have; empty for what there is.</summary>
    public IReadOnlyList<OciPlatform> Platforms { get; init; } = [];

    /// <summary>Labels of the image's record.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The snapshotter to unpack for; null for the namespace's.</summary>
    public string? Snapshotter { get; init; }

    /// <summary>Leaves the layers packed.</summary>
    public bool NoUnpack { get; init; }

    /// <summary>What is imported is a root filesystem, and this is what it does not say; null for an archive of images.</summary>
    public RootFileSystemOptions? RootFileSystem { get; init; }

    /// <summary>Told how far it is.</summary>
    public required ImageProgress Progress { get; init; }

    /// <summary>Told about what was passed over.</summary>
    public Action<string>? Notice { get; init; }
}
