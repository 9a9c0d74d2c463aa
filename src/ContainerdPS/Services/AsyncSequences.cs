namespace ContainerdPS.Services;

/// <summary>What .NET 10 has of its own and .NET 8 has not.</summary>
internal static class AsyncSequences
{
    /// <summary>Reads a sequence to its end.</summary>
    public static async Task<List<T>> CollectAsync<T>(this IAsyncEnumerable<T> sequence, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        await foreach (T item in sequence.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            all.Add(item);
        }

        return all;
    }
}
