using System.Runtime.CompilerServices;
using ContainerdPS.Images;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;

namespace ContainerdPS.Contents;

/// <summary>The blobs of an image that are here, from its target down to the layers, each once.</summary>
internal static class ImageBlobs
{
    public static async IAsyncEnumerable<ContainerdContent> ReadAsync(NamespaceClient client, OciDescriptor target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ImageReader(client);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<OciDescriptor>([target]);
        while (waiting.TryPop(out OciDescriptor? descriptor))
        {
            if (!seen.Add(descriptor.Digest) || await client.Content.FindAsync(descriptor.Digest, cancellationToken).ConfigureAwait(false) is not { } blob)
            {
                continue;
            }

            yield return client.Content.ToModel(blob, descriptor.MediaType);
            IReadOnlyList<OciDescriptor> parts = await PartsAsync(reader, descriptor, cancellationToken).ConfigureAwait(false);
            foreach (OciDescriptor part in parts.Reverse())
            {
                waiting.Push(part);
            }
        }
    }

    private static async Task<IReadOnlyList<OciDescriptor>> PartsAsync(ImageReader reader, OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        if (MediaTypes.IsIndex(descriptor.MediaType))
        {
            return await reader.IndexAsync(descriptor, cancellationToken).ConfigureAwait(false);
        }

        if (!MediaTypes.IsManifest(descriptor.MediaType))
        {
            return [];
        }

        ImageManifest manifest = await reader.ManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        return (manifest.Layers ?? []).Prepend(manifest.Config).OfType<OciDescriptor>().ToList();
    }
}
