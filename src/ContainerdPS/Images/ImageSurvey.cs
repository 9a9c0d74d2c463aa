using System.Collections.Concurrent;
using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.ContentV1;

namespace ContainerdPS.Images;

/// <summary>
/// Reads all there is to know of images: what is here of their content, where they are unpacked, and what uses them. What
/// several images share is asked for once, so one survey is for one command.
/// </summary>
internal sealed class ImageSurvey(NamespaceClient client)
{
    /// <summary>From so many images on, one list of all blobs is cheaper than a question for each.</summary>
    private const int Many = 8;

    private readonly ImageReader reader = new(client);
    private readonly UnpackedSizes unpacked = new(client);
    private readonly ConcurrentDictionary<string, Task<Info?>> blobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<ImageContents?>> contents = new(StringComparer.Ordinal);
    private bool blobsListed;

    /// <summary>Which containers use which image.</summary>
    public ImageUses Uses { get; } = new(client);

    /// <summary>Says that so many images will be read, which may be worth some preparation.</summary>
    public async Task ExpectAsync(int images, CancellationToken cancellationToken)
    {
        if (images < Many)
        {
            return;
        }

        await foreach (Info info in client.Content.ListAsync([], cancellationToken).ConfigureAwait(false))
        {
            blobs[info.Digest] = Task.FromResult<Info?>(info);
        }

        blobsListed = true;
        await Uses.AllAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads one image. Content that is missing or broken leaves gaps; that is no error.</summary>
    public async Task<ContainerImage> ReadAsync(Wire.ImagesV1.Image image, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> containers = Uses.ContainersAsync(image.Name, cancellationToken);
        OciDescriptor target = DescriptorMapping.FromWire(image.Target);
        ImageContents? found = await contents.GetOrAdd(target.Digest, _ => ContentsAsync(target, cancellationToken)).ConfigureAwait(false);
        return client.Images.ToModel(image, found, await containers.ConfigureAwait(false));
    }

    private async Task<ImageContents?> ContentsAsync(OciDescriptor target, CancellationToken cancellationToken)
    {
        var walk = new ImageWalk(reader, FindAsync);
        try
        {
            await walk.VisitAsync(target, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code is ContainerdErrorCode.NotFound or ContainerdErrorCode.InvalidArgument or ContainerdErrorCode.ResourceExhausted or ContainerdErrorCode.DataLoss)
        {
            // The record is there whatever became of its content; size and platforms stay unknown.
            return null;
        }

        (IReadOnlyList<string> snapshotters, long? size) = await unpacked.OfAsync(walk.Whole, cancellationToken).ConfigureAwait(false);
        PlatformMatcher host = PlatformMatcher.For(Platforms.Host);
        return new ImageContents
        {
            Platforms = walk.Whole.Select(static part => part.Platform).Distinct().ToArray(),
            Size = walk.Sizes.Values.Sum(),
            BuiltAt = (walk.Whole.FirstOrDefault(part => host.Matches(part.Platform)) ?? (walk.Whole is [WholeImage first, ..] ? first : null))?.Config.Created,
            Snapshotters = snapshotters,
            UnpackedSize = size,
        };
    }

    private Task<Info?> FindAsync(string digest, CancellationToken cancellationToken) =>
        blobsListed
            ? blobs.GetValueOrDefault(digest, Task.FromResult<Info?>(null))
            : blobs.GetOrAdd(digest, asked => client.Content.FindAsync(asked, cancellationToken));
}
