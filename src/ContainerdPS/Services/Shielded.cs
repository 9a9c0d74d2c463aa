namespace ContainerdPS.Services;

/// <summary>
/// Calls that make something are not cancelled in flight: the daemon may carry out a cancelled call after whoever
/// cancelled it has looked for what to take back, and found nothing yet.
/// </summary>
internal static class Shielded
{
    /// <summary>How long a call may go on once its command is stopped; a daemon that hangs must not hold the shell.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Lets a call come to its end, also when the command is stopped meanwhile: what it was to make is then made.</summary>
    /// <exception cref="OperationCanceledException">The command was stopped before the call, or the call went on for too long after.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource();
        using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(Grace), limit))
        {
            try
            {
                return await call(limit.Token).ConfigureAwait(false);
            }
            catch (ContainerdException e) when (e.Code == ContainerdErrorCode.Cancelled && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The call was cancelled.", e, cancellationToken);
            }
        }
    }
}
