namespace ContainerdPS.Services;

/// <summary>Tells the user that a daemon is away while it is being waited for: once each time, however many wait.</summary>
/// <param name="warn">Shows a text; it has ended when the text was shown.</param>
internal sealed class DaemonNotices(Func<string, Task> warn)
{
    private readonly HashSet<ContainerdSession> away = [];

    public Task AwayAsync(ContainerdSession session, string text)
    {
        lock (away)
        {
            if (!away.Add(session))
            {
                return Task.CompletedTask;
            }
        }

        return warn(text);
    }

    public void Back(ContainerdSession session)
    {
        lock (away)
        {
            away.Remove(session);
        }
    }
}
