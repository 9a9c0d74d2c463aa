using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;

namespace ContainerdPS.Images.Archives;

/// <summary>What an archive of images does not say.</summary>
internal sealed record ArchiveImportOptions
{
    /// <summary>A name without a tag, for images the archive gives only a tag; an only image without either gets its <c>latest</c>.</summary>
    public string? BaseName { get; init; }

    /// <summary>The platforms wanted; empty for all there are.</summary>
    public IReadOnlyList<PlatformMatcher> Platforms { get; init; } = [];

    /// <summary>Where temporary files go; the system's folder when null. It has to hold the largest layer of a Docker archive.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Told how many bytes the archive has, where that is also how many its blobs have.</summary>
    public Action<long>? Measured { get; init; }

    /// <summary>Told, in a sentence, about everything that was passed over.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Whether one of an index's manifests is wanted: the one that fits best, for each platform.</summary>
    public bool Wants(OciDescriptor manifest, IReadOnlyList<OciDescriptor> siblings) =>
        Platforms.Count == 0 || manifest.Platform is null || Platforms.Any(platform => platform.Best(siblings) == manifest);
}
