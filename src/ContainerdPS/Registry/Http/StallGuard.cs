namespace ContainerdPS.Registry;

/// <summary>Cancels what makes no progress. It is told of progress, and of the user's own cancelling.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration stopping;
    private readonly CancellationToken user;
    private readonly TimeSpan limit;

    /// <param name="limit">How long nothing may come or go; zero is for ever.</param>
    /// <param name="user">The user's own cancelling.</param>
    /// <param name="grace">How long that which the user has cancelled may go on.</param>
    public StallGuard(TimeSpan limit, CancellationToken user, TimeSpan grace = default)
    {
        this.limit = limit;
        this.user = user;
        Touch();
        stopping = user.UnsafeRegister(
            _ =>
            {
                if (grace > TimeSpan.Zero)
                {
                    source.CancelAfter(grace);
                }
                else
                {
                    source.Cancel();
                }
            },
            null);
    }

    public CancellationToken Token => source.Token;

    /// <summary>Whether it was this that cancelled, and not the user.</summary>
    public bool HasStalled => source.IsCancellationRequested && !user.IsCancellationRequested;

    /// <summary>Something came, or went: the time starts anew.</summary>
    public void Touch()
    {
        if (limit > TimeSpan.Zero && !user.IsCancellationRequested)
        {
            source.CancelAfter(limit);
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        source.Dispose();
    }
}
