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

    /// <summary>Brings the layers of the images that were found, from a source that is there until it ends. All of them when null.</summary>
    public Func<IReadOnlyList<ImportedImage>, IBlobSource, CancellationToken, Task>? Intake { get; init; }

    /// <summary>Told, in a sentence, about everything that was passed over.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Has the layers of the images brought.</summary>
    public async Task TakeAsync(IReadOnlyList<ImportedImage> images, IBlobSource source, string archive, CancellationToken cancellationToken)
    {
        if (Intake is not null)
        {
            await Intake(images, source, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (OciDescriptor layer in images.SelectMany(static image => image.Layers))
        {
            await source.RequireAsync(layer, archive, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether one of an index's manifests is wanted: the one that fits best, for each platform.</summary>
    public bool Wants(OciDescriptor manifest, IReadOnlyList<OciDescriptor> siblings) =>
        Platforms.Count == 0 || manifest.Platform is null || Platforms.Any(platform => platform.Best(siblings) == manifest);
}
