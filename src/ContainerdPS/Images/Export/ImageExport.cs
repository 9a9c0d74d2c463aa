using ContainerdPS.Mapping;
using ContainerdPS.Services;

namespace ContainerdPS.Images.Export;

/// <summary>Exports images, of one daemon or of several, into one archive.</summary>
internal static class ImageExport
{
    /// <summary>Writes the archive. Failing, it leaves what was at the path before.</summary>
    /// <returns>Whether a file was written, and not a fifo or a device.</returns>
    public static Task<bool> RunAsync(
        IReadOnlyList<(NamespaceClient Client, Wire.ImagesV1.Image Image)> images, ImageExportRequest request, CancellationToken cancellationToken) =>
        Interruption.NamedAsync($"'{request.Path}' was not written", null, () => ExportAsync(images, request, cancellationToken));

    private static async Task<bool> ExportAsync(
        IReadOnlyList<(NamespaceClient Client, Wire.ImagesV1.Image Image)> images, ImageExportRequest request, CancellationToken cancellationToken)
    {
        var leases = new Dictionary<(ContainerdSession, string), LeaseScope>();
        try
        {
            var selected = new List<SelectedImage>();
            var owners = new Dictionary<string, NamespaceClient>(StringComparer.Ordinal);
            foreach ((NamespaceClient client, Wire.ImagesV1.Image image) in images)
            {
                if (selected.Find(other => other.Name == image.Name) is { } other)
                {
                    RefuseOther(request.Path, other, image);
                    continue;
                }

                (NamespaceClient leased, SelectedImage found) = await Interruption.NamedAsync(
                    $"The image '{image.Name}' cannot be read", null, () => SelectAsync(leases, client, image, request, cancellationToken)).ConfigureAwait(false);
                selected.Add(found);
                foreach (Oci.OciDescriptor blob in found.Blobs)
                {
                    owners.TryAdd(blob.Digest, leased);
                }

                if (found.LeftOut.Count > 0)
                {
                    request.Notice?.Invoke($"Of '{found.Name}' these platforms are not whole in the content store and were left out: {string.Join(", ", found.LeftOut)}.");
                }
            }

            return await WriteAsync(selected, owners, request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (LeaseScope lease in leases.Values)
            {
                await lease.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> WriteAsync(
        IReadOnlyList<SelectedImage> selected, Dictionary<string, NamespaceClient> owners, ImageExportRequest request, CancellationToken cancellationToken)
    {
        // The memory of processes is in a checkpoint, and with it what they keep secret.
        bool isSecret = selected.Any(static image => image.IsCheckpoint);
        ArchiveFileTarget target = await ArchiveFileTarget.OpenAsync(request.Path, request.Replace, isSecret, cancellationToken).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            try
            {
                var writer = new OciArchiveWriter(
                    target.Compress(request.Compression), blob => new ContentStream(owners[blob.Digest], blob.Digest), request.Progress);
                await writer.WriteAsync(selected, cancellationToken).ConfigureAwait(false);
                await target.CompleteAsync(cancellationToken).ConfigureAwait(false);
                return target.IsFile;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw ArchiveFileTarget.Explain(request.Path, e);
            }
        }
    }

    private static async Task<(NamespaceClient Leased, SelectedImage Found)> SelectAsync(
        Dictionary<(ContainerdSession, string), LeaseScope> leases, NamespaceClient client, Wire.ImagesV1.Image image, ImageExportRequest request, CancellationToken cancellationToken)
    {
        NamespaceClient leased = await HoldAsync(leases, client, image, cancellationToken).ConfigureAwait(false);
        return (leased, await new ImageSelector(leased, request.Platforms).SelectAsync(image.Name, DescriptorMapping.FromWire(image.Target), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Holds an image under a lease: whoever removes it meanwhile does not take its content from under the export.</summary>
    private static async Task<NamespaceClient> HoldAsync(
        Dictionary<(ContainerdSession, string), LeaseScope> leases, NamespaceClient client, Wire.ImagesV1.Image image, CancellationToken cancellationToken)
    {
        if (!leases.TryGetValue((client.Session, client.Namespace), out LeaseScope? lease))
        {
            lease = await LeaseScope.BeginAsync(client, cancellationToken).ConfigureAwait(false);
            leases.Add((client.Session, client.Namespace), lease);
        }

        try
        {
            await client.Leases.AddContentAsync(lease.Client.Lease!, image.Target.Digest, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // The selection says in whole sentences what is missing.
        }

        return lease.Client;
    }

    private static void RefuseOther(string path, SelectedImage known, Wire.ImagesV1.Image image)
    {
        if (known.Target.Digest != image.Target.Digest)
        {
            throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"Cannot export to '{path}': '{image.Name}' is {known.Target.Digest} in one place and {image.Target.Digest} in another, and an archive holds one image of a name.") { Reason = "AmbiguousName" };
        }
    }
}
