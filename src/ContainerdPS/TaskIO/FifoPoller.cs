using System.Buffers;
using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Serves every stream of every task on one background thread. The thread starts with the first stream and ends
/// some seconds after the last.
/// </summary>
/// <remarks>
/// Streams are armed for one event at a time: a stream whose consumer is behind is simply not armed again, which
/// silences its hang-up too. Level-triggered waiting would spin on that.
/// Locks are taken in the order stream, then poller, and the poller calls a stream without holding its own.
/// </remarks>
internal sealed class FifoPoller
{
    /// <summary>The kernel cuts a thread's name after 15 characters.</summary>
    internal const string ThreadName = "containerd-fifo";

    private const long WakeKey = 0;
    private const int EventsPerWait = 64;

    private readonly object _gate = new();
    private readonly int _lingerMilliseconds;
    private readonly Dictionary<long, PollTarget> _targets = [];
    private readonly PriorityQueue<PollTarget, long> _scheduled = new();
    private Queue<PollTarget> _posted = new();
    private Queue<PollTarget> _postedSpare = new();
    private PollEngine? _engine;
    private long _lastKey = WakeKey;
    private long _waits;

    /// <param name="linger">How long the thread stays when no stream is left.</param>
    /// <param name="pool">Where the buffers of its streams come from.</param>
    public FifoPoller(TimeSpan linger, ArrayPool<byte>? pool = null)
    {
        _lingerMilliseconds = (int)linger.TotalMilliseconds;
        Pool = pool ?? ArrayPool<byte>.Shared;
    }

    /// <summary>The process's own.</summary>
    public static FifoPoller Shared { get; } = new(TimeSpan.FromSeconds(5));

    public ArrayPool<byte> Pool { get; }

    /// <summary>Is there a thread now?</summary>
    internal bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _engine is not null;
            }
        }
    }

    /// <summary>How often the thread has waited.</summary>
    internal long Waits => Interlocked.Read(ref _waits);

    /// <summary>Takes a stream in. It gets no events before <see cref="Arm"/>.</summary>
    public void Attach(PollTarget target)
    {
        lock (_gate)
        {
            _engine ??= Start();
            target.Key = ++_lastKey;
            _targets.Add(target.Key, target);
        }
    }

    /// <summary>Lets a stream go; call it before the descriptor is closed.</summary>
    public void Detach(PollTarget target, FileDescriptor? descriptor)
    {
        lock (_gate)
        {
            if (!_targets.Remove(target.Key))
            {
                return;
            }
            if (descriptor is not null && target.IsWatched)
            {
                target.IsWatched = false;
                _engine!.Epoll.Forget(descriptor);
            }
            if (_targets.Count == 0)
            {
                _engine!.Wake.Set();
            }
        }
    }

    /// <summary>Asks for one <see cref="PollTarget.OnReady"/>, or with <see cref="EpollEvents.EdgeTriggered"/> for one at each change.</summary>
    public void Arm(PollTarget target, FileDescriptor descriptor, EpollEvents events)
    {
        lock (_gate)
        {
            if (!_targets.ContainsKey(target.Key))
            {
                return;
            }
            if (!events.HasFlag(EpollEvents.EdgeTriggered))
            {
                events |= EpollEvents.OneShot;
            }
            if (target.IsWatched)
            {
                _engine!.Epoll.Rearm(descriptor, events, target.Key);
            }
            else
            {
                _engine!.Epoll.Watch(descriptor, events, target.Key);
                target.IsWatched = true;
            }
        }
    }

    /// <summary>Asks for one <see cref="PollTarget.OnTurn"/> as soon as possible.</summary>
    public void Post(PollTarget target)
    {
        lock (_gate)
        {
            if (_targets.ContainsKey(target.Key))
            {
                _posted.Enqueue(target);
                _engine!.Wake.Set();
            }
        }
    }

    /// <summary>Asks for one <see cref="PollTarget.OnTurn"/> after some time.</summary>
    public void Schedule(PollTarget target, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_targets.ContainsKey(target.Key))
            {
                _scheduled.Enqueue(target, Environment.TickCount64 + (long)delay.TotalMilliseconds);
                _engine!.Wake.Set();
            }
        }
    }

    private PollEngine Start()
    {
        PollEngine engine = new(EventsPerWait, WakeKey);
        try
        {
            Thread thread = new(Run) { IsBackground = true, Name = ThreadName };
            // Not the execution context of whoever happened to open the first stream.
            thread.UnsafeStart(engine);
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private void Run(object? state)
    {
        PollEngine engine = (PollEngine)state!;
        try
        {
            while (true)
            {
                Interlocked.Increment(ref _waits);
                int ready = engine.Epoll.Wait(NextTimeout());
                if (ready == 0 && TryEnd())
                {
                    return;
                }
                ServeReady(engine, ready);
                ServePosted();
                ServeDue();
            }
        }
        catch (Exception error)
        {
            // An exception that leaves a thread ends the user's shell.
            FailAll(error);
        }
        finally
        {
            engine.Dispose();
        }
    }

    private int NextTimeout()
    {
        lock (_gate)
        {
            if (_targets.Count == 0)
            {
                return _lingerMilliseconds;
            }
            return _scheduled.TryPeek(out _, out long due)
                ? (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue)
                : -1;
        }
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            if (_targets.Count != 0)
            {
                return false;
            }
            _posted.Clear();
            _scheduled.Clear();
            _engine = null;
            return true;
        }
    }

    private void ServeReady(PollEngine engine, int ready)
    {
        for (int index = 0; index < ready; index++)
        {
            (EpollEvents events, long key) = engine.Epoll[index];
            if (key == WakeKey)
            {
                engine.Wake.Reset();
                continue;
            }
            PollTarget? target;
            lock (_gate)
            {
                // An event may still be in the batch for a stream that has been let go.
                target = _targets.GetValueOrDefault(key);
            }
            if (target is not null)
            {
                Serve(target, events);
            }
        }
    }

    private void ServePosted()
    {
        lock (_gate)
        {
            (_posted, _postedSpare) = (_postedSpare, _posted);
        }
        while (_postedSpare.TryDequeue(out PollTarget? target))
        {
            Serve(target, events: null);
        }
    }

    private void ServeDue()
    {
        while (true)
        {
            PollTarget target;
            lock (_gate)
            {
                if (!_scheduled.TryPeek(out _, out long due) || due > Environment.TickCount64)
                {
                    return;
                }
                target = _scheduled.Dequeue();
            }
            Serve(target, events: null);
        }
    }

    /// <summary>One stream's failure is its own: the others go on.</summary>
    private static void Serve(PollTarget target, EpollEvents? events)
    {
        try
        {
            if (events is { } what)
            {
                target.OnReady(what);
            }
            else
            {
                target.OnTurn();
            }
        }
        catch (Exception error)
        {
            target.OnFailure(error);
        }
    }

    private void FailAll(Exception error)
    {
        PollTarget[] targets;
        lock (_gate)
        {
            targets = [.. _targets.Values];
            foreach (PollTarget target in targets)
            {
                target.IsWatched = false;
            }
            _targets.Clear();
            _posted.Clear();
            _scheduled.Clear();
            _engine = null;
        }
        foreach (PollTarget target in targets)
        {
            target.OnFailure(error);
        }
    }
}
