namespace ContainerdPS.Registry;

/// <summary>Cancels what makes no progress. It is told of progress, and of the user's own cancelling.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly CancellationToken user;
    private readonly TimeSpan limit;

    public StallGuard(TimeSpan limit, CancellationToken user)
    {
        this.limit = limit;
        this.user = user;
        source = CancellationTokenSource.CreateLinkedTokenSource(user);
        Touch();
    }

    public CancellationToken Token => source.Token;

    /// <summary>Whether it was this that cancelled, and not the user.</summary>
    public bool HasStalled => source.IsCancellationRequested && !user.IsCancellationRequested;

    /// <summary>Something came, or went: the time starts anew.</summary>
    public void Touch()
    {
        if (limit > TimeSpan.Zero)
        {
            source.CancelAfter(limit);
        }
    }

    public void Dispose() => source.Dispose();
}
