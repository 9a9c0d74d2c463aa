namespace ContainerdPS.Images.Progress;

/// <summary>Runs work side by side that only makes sense as a whole.</summary>
internal static class Together
{
    /// <summary>Runs all of it. The first failure stops the rest, and is thrown when the rest has stopped.</summary>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> pieces, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        await Task.WhenAll(pieces.Select(GuardedAsync).ToArray()).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        async Task GuardedAsync(Func<CancellationToken, Task> piece)
        {
            try
            {
                await piece(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What is stopped because of another says nothing.
                if (e is not OperationCanceledException)
                {
                    Interlocked.CompareExchange(ref first, e, null);
                }

                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
