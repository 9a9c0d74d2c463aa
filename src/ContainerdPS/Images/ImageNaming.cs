using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>Gives the images of one import their names: all of them, or none that was not there before.</summary>
internal static class ImageNaming
{
    private static readonly TimeSpan TakeBackLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes the records, or points those of the same names at the new targets. When one cannot be made, the new ones go
    /// again. One that had the name before keeps what it was given: whole as it is, while what it was may be collected.
    /// </summary>
    public static async Task<IReadOnlyList<ContainerImage>> ApplyAsync(NamespaceClient client, IReadOnlyList<Wire.ImagesV1.Image> records, CancellationToken cancellationToken)
    {
        var images = new List<ContainerImage>();
        var survey = new ImageSurvey(client);
        var made = new List<Wire.ImagesV1.Image>();
        try
        {
            foreach (Wire.ImagesV1.Image record in records)
            {
                if (await client.Images.FindAsync(record.Name, cancellationToken).ConfigureAwait(false) is null)
                {
                    // Noted before it is made: one whose answer is lost has to go as well.
                    made.Add(record);
                }

                Wire.ImagesV1.Image created = await client.Images.CreateOrUpdateAsync(record, cancellationToken).ConfigureAwait(false);
                images.Add(await survey.ReadAsync(created, cancellationToken).ConfigureAwait(false));
            }

            return images;
        }
        catch
        {
            using var limit = new CancellationTokenSource(TakeBackLimit);
            foreach (Wire.ImagesV1.Image record in made)
            {
                await TryRemoveAsync(client, record, limit.Token).ConfigureAwait(false);
            }

            throw;
        }
    }

    private static async Task TryRemoveAsync(NamespaceClient client, Wire.ImagesV1.Image record, CancellationToken cancellationToken)
    {
        try
        {
            // Only ours: somebody else may have given the name to another image meanwhile.
            if (await client.Images.FindAsync(record.Name, cancellationToken).ConfigureAwait(false) is { } found && found.Target?.Digest == record.Target.Digest)
            {
                await client.Images.DeleteAsync(record.Name, synchronous: false, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ContainerdException or OperationCanceledException)
        {
            // Why the import failed is what must be told.
        }
    }
}
