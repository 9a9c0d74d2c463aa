using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images;

/// <summary>Goes through an image from its target to its layers, as far as its blobs are here.</summary>
internal sealed class ImageWalk(ImageReader reader, Func<string, CancellationToken, Task<Info?>> find)
{
    private readonly Dictionary<string, long> sizes = new(StringComparer.Ordinal);
    private readonly List<WholeImage> whole = [];

    /// <summary>The blobs that are here, with their sizes.</summary>
    public IReadOnlyDictionary<string, long> Sizes => sizes;

    /// <summary>The images of one platform whose blobs are all here.</summary>
    public IReadOnlyList<WholeImage> Whole => whole;

    /// <summary>Goes through what a descriptor names.</summary>
    public Task VisitAsync(OciDescriptor target, CancellationToken cancellationToken) => VisitAsync(target, 0, cancellationToken);

    private async Task VisitAsync(OciDescriptor descriptor, int depth, CancellationToken cancellationToken)
    {
        if (depth > ImageReader.MaxDepth || await FindAsync(descriptor, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        if (MediaTypes.IsIndex(descriptor.MediaType))
        {
            foreach (OciDescriptor child in await reader.IndexAsync(descriptor, cancellationToken).ConfigureAwait(false))
            {
                await VisitAsync(child, depth + 1, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (MediaTypes.IsManifest(descriptor.MediaType))
        {
            await VisitManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task VisitManifestAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        ImageManifest manifest = await reader.ManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        Info? config = manifest.Config is null ? null : await FindAsync(manifest.Config, cancellationToken).ConfigureAwait(false);
        bool complete = config is not null;
        foreach (OciDescriptor layer in manifest.Layers ?? [])
        {
            complete &= await FindAsync(layer, cancellationToken).ConfigureAwait(false) is not null;
        }

        if (complete && MediaTypes.IsConfig(manifest.Config!.MediaType))
        {
            whole.Add(new WholeImage(descriptor, manifest, await reader.ConfigAsync(manifest, cancellationToken).ConfigureAwait(false), config!.Labels));
        }
    }

    private async Task<Info?> FindAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        Info? found = await find(descriptor.Digest, cancellationToken).ConfigureAwait(false);
        if (found is not null)
        {
            sizes[descriptor.Digest] = found.Size;
        }

        return found;
    }
}
