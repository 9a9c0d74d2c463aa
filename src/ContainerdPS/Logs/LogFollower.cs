using System.Diagnostics;
using System.Runtime.CompilerServices;
using ContainerdPS.Processes;
using ContainerdPS.Services;
using ContainerdPS.Wire.TasksV1;
using Process = ContainerdPS.Wire.TaskTypes.Process;

namespace ContainerdPS.Logs;

/// <summary>Reads a log and what is added to it, until the process that writes it has ended and everything is read.</summary>
/// <remarks>
/// Where another file takes the log's path, both are read: a shim goes on writing to the file it opened, wherever that was
/// moved, and containerd's Kubernetes service begins the new one.
/// </remarks>
internal static class LogFollower
{
    private static readonly TimeSpan FastPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowPace = TimeSpan.FromMilliseconds(200);

    public static async IAsyncEnumerable<LogEntry> FollowAsync(
        NamespaceClient client, ProcessAddress address, LogPlace place, LogOptions options, string whose, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Before the log is read, or an end in between would be missed.
        Process? process = await client.Tasks.FindAsync(address, cancellationToken).ConfigureAwait(false);
        Task<WaitResponse?> end = process is null ? Task.FromResult<WaitResponse?>(null) : EndAsync(client, address, waiting.Token);
        LogWriter writer = LogWriter.Of(client, address, (int)(process?.Pid ?? 0));
        var sources = new Queue<LogSource>();
        try
        {
            LogSource newest = LogSource.Open(place, options, whose);
            sources.Enqueue(newest);
            TimeSpan pace = FastPace;
            long lastRead = Stopwatch.GetTimestamp();
            long? endedAt = null;
            while (true)
            {
                endedAt ??= end.IsCompleted ? Stopwatch.GetTimestamp() : null;
                bool done = endedAt is { } ended && writer.IsDone(newest.File, Stopwatch.GetElapsedTime(lastRead), Stopwatch.GetElapsedTime(ended));
                bool any = false;
                foreach (LogEntry entry in sources.SelectMany(static source => source.ReadAvailable()))
                {
                    any = true;
                    yield return entry;
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (newest.IsReplaced && newest.OpenNext() is { } next)
                {
                    sources.Enqueue(newest = next);
                    any = true;
                    if (sources.Count > 2)
                    {
                        using LogSource oldest = sources.Dequeue();
                        foreach (LogEntry entry in oldest.ReadRest())
                        {
                            yield return entry;
                        }
                    }
                }

                if (any)
                {
                    lastRead = Stopwatch.GetTimestamp();
                    pace = FastPace;
                }
                else if (done)
                {
                    break;
                }

                var pause = Task.Delay(pace, cancellationToken);
                await (endedAt is null ? Task.WhenAny(pause, end) : pause).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                pace = TimeSpan.FromTicks(Math.Min(pace.Ticks * 2, SlowPace.Ticks));
            }

            foreach (LogEntry entry in sources.SelectMany(static source => source.ReadRest()))
            {
                yield return entry;
            }

            // A wait that failed has a reason.
            await end.ConfigureAwait(false);
        }
        finally
        {
            foreach (LogSource source in sources)
            {
                source.Dispose();
            }

            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<WaitResponse?> EndAsync(NamespaceClient client, ProcessAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await ProcessExit.WaitAsync(client, address, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (TaskFailures.IsOver(e))
        {
            // Removed before it could be waited for.
            return null;
        }
    }
}
