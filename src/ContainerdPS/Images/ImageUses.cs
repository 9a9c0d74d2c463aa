using ContainerdPS.Services;

namespace ContainerdPS.Images;

/// <summary>
/// Which containers were made from which image. The first image asked about is asked for alone; for the next, all
/// containers are read once.
/// </summary>
internal sealed class ImageUses(NamespaceClient client)
{
    private readonly object gate = new();
    private Task<ILookup<string, string>>? all;
    private bool askedBefore;

    /// <summary>The ids of the containers whose record names the image, to the letter.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync(string image, CancellationToken cancellationToken)
    {
        bool alone;
        lock (gate)
        {
            alone = !askedBefore && all is null;
            askedBefore = true;
        }

        return alone
            ? [.. (await ReadAsync([DaemonFilter.Equal("image", image)], cancellationToken).ConfigureAwait(false))[image]]
            : [.. (await AllAsync(cancellationToken).ConfigureAwait(false))[image]];
    }

    /// <summary>The ids of all containers, by the image their record names.</summary>
    public Task<ILookup<string, string>> AllAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return all ??= ReadAsync([], cancellationToken);
        }
    }

    private async Task<ILookup<string, string>> ReadAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        var found = new List<(string Image, string Id)>();
        await foreach (Wire.ContainersV1.Container container in client.Containers.ListAsync(filters, cancellationToken).ConfigureAwait(false))
        {
            found.Add((container.Image, container.Id));
        }

        return found.ToLookup(static container => container.Image, static container => container.Id, StringComparer.Ordinal);
    }
}
