namespace ContainerdPS.Pipeline;

/// <summary>
/// Runs asynchronous work on the thread that calls it: continuations come back to that thread, so a cmdlet may await
/// and then write to its pipeline, which only its own thread may do.
/// </summary>
internal sealed class PipelinePump : SynchronizationContext, IDisposable
{
    // Framework generics over reference types only are already compiled in the shell; a BlockingCollection of pairs is not.
    private readonly Queue<Work> queue = [];
    private bool disposed;

    /// <summary>Runs the work and returns, or throws, when it has ended.</summary>
    public void Run(Func<Task> work)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            Task task = work();
            if (!task.IsCompleted)
            {
                // The queue outlives this run, so its end is a message like any other.
                _ = task.ContinueWith(
                    static (_, state) => ((PipelinePump)state!).Post(static _ => { }, null),
                    this,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
                while (!task.IsCompleted)
                {
                    Work next = Take();
                    next.Callback(next.State);
                }
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>
    /// Runs code that is not ours (the next cmdlet, a prompt) with no context: if it blocks on asynchronous work of its
    /// own, that work must not wait for this thread.
    /// </summary>
    public static void Outside(Action action)
    {
        SynchronizationContext? inner = Current;
        SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(inner);
        }
    }

    /// <inheritdoc cref="Outside(Action)"/>
    public static T Outside<T>(Func<T> function)
    {
        SynchronizationContext? inner = Current;
        SetSynchronizationContext(null);
        try
        {
            return function();
        }
        finally
        {
            SetSynchronizationContext(inner);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (queue)
        {
            // Once the cmdlet is gone, nobody waits for what is left.
            if (!disposed)
            {
                queue.Enqueue(new Work(d, state));
                Monitor.Pulse(queue);
            }
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Post is the only way onto the pipeline's thread.");

    public override SynchronizationContext CreateCopy() => this;

    public void Dispose()
    {
        lock (queue)
        {
            disposed = true;
            queue.Clear();
        }
    }

    private Work Take()
    {
        lock (queue)
        {
            Work? next;
            while (!queue.TryDequeue(out next))
            {
                Monitor.Wait(queue);
            }

            return next;
        }
    }

    private sealed class Work(SendOrPostCallback callback, object? state)
    {
        public SendOrPostCallback Callback => callback;

        public object? State => state;
    }
}
