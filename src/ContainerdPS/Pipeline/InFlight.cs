namespace ContainerdPS.Pipeline;

/// <summary>
/// Bounded concurrent work of one cmdlet. Each piece runs away from the pipeline's thread and gives what is then to be
/// done on it (write an object, write an error); that is done in the order the pieces were started.
/// </summary>
internal sealed class InFlight(int limit)
{
    private readonly Queue<Task<Action?>> running = new();

    /// <summary>Whether nothing that was started waits for its turn.</summary>
    public bool IsEmpty => running.Count == 0;

    /// <summary>Starts a piece, and first finishes earlier ones while there are too many.</summary>
    public async Task StartAsync(Func<CancellationToken, Task<Action?>> piece, CancellationToken cancellationToken)
    {
        while (running.Count >= limit)
        {
            await FinishFirstAsync();
        }

        running.Enqueue(Task.Run(() => piece(cancellationToken), CancellationToken.None));
        while (running.TryPeek(out Task<Action?>? first) && first.IsCompleted)
        {
            await FinishFirstAsync();
        }
    }

    /// <summary>Finishes all pieces.</summary>
    public async Task FinishAsync()
    {
        while (running.Count > 0)
        {
            await FinishFirstAsync();
        }
    }

    /// <summary>Waits until no piece runs any more, whatever became of each: for a pipeline that ended early.</summary>
    public async Task AbandonAsync(TimeSpan limit)
    {
        try
        {
            await Task.WhenAll(running).WaitAsync(limit);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The pipeline is gone and with it whoever could be told.
        }

        running.Clear();
    }

    private async Task FinishFirstAsync()
    {
        Action? write = await running.Dequeue();
        write?.Invoke();
    }
}
