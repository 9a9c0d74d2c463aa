using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Reads a fifo, or a terminal, no further than its consumer asks: what is not taken stays for whoever reads next. One
/// consumer at a time.
/// </summary>
/// <remarks>A read of 0 bytes is the end only after a writer has been reported: see <see cref="FifoReader"/>.</remarks>
internal sealed class StreamTap : PollTarget, IDisposable
{
    /// <summary>How often to look whether there is more than what was seen and left: some kernels before 5.15 do not report that.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_drainStep = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly FifoPoller _poller;
    private readonly string _name;
    private FileDescriptor? _descriptor;
    private FileDescriptor? _copyFrom;
    private FileDescriptor? _copyTo;
    private TaskCompletionSource? _waiting;
    private Exception? _failure;
    private int _seen;
    private bool _looks;
    private bool _writerSeen;
    private bool _writerGone;
    private bool _stopWaiting;
    private bool _finishing;
    private bool _ended;

    private StreamTap(string name, FileDescriptor descriptor, FifoPoller poller)
    {
        _name = name;
        _descriptor = descriptor;
        _poller = poller;
        poller.Attach(this);
    }

    /// <summary>Is there nothing more to read, now and later?</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }

    /// <summary>Has its writer gone, so that there is nothing but what is there?</summary>
    public bool WriterGone
    {
        get
        {
            lock (_lock)
            {
                return _writerGone;
            }
        }
    }

    /// <summary>How many bytes it holds at least before its writer has to wait.</summary>
    public int Capacity
    {
        get
        {
            lock (_lock)
            {
                return _descriptor is null ? 0 : PipeContent.Capacity(_descriptor);
            }
        }
    }

    /// <summary>How many bytes are there now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _descriptor is null ? 0 : PipeContent.Count(_descriptor);
            }
        }
    }

    /// <summary>Opens a fifo for reading; returns at once, whether or not there is a writer.</summary>
    /// <exception cref="ContainerdException">There is no such fifo, it may not be read, or the path is something else.</exception>
    public static StreamTap Open(string path, FifoPoller? poller = null)
    {
        int errno = Fifo.OpenForReading(path, out FileDescriptor descriptor);
        if (errno != 0)
        {
            throw FifoErrors.CannotOpen(path, errno);
        }

        try
        {
            FifoErrors.DemandFifo(path, descriptor);
            return new StreamTap($"the fifo '{path}'", descriptor, poller ?? FifoPoller.Shared);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Reads what is open already, and closes it in the end.</summary>
    /// <param name="descriptor">What to read.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="poller">Who waits for it.</param>
    public static StreamTap Over(FileDescriptor descriptor, string name, FifoPoller? poller = null) => new(name, descriptor, poller ?? FifoPoller.Shared);

    /// <summary>Waits until there is something to read, or the end.</summary>
    /// <param name="seen">How many bytes are there that the consumer knows and has left.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task WaitAsync(int seen, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_descriptor is null || _ended || _finishing || _stopWaiting || _failure is not null)
            {
                return Task.CompletedTask;
            }

            if (_waiting is null || _waiting.Task.IsCompleted)
            {
                _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _seen = seen;
                _poller.Arm(this, _descriptor, seen > 0 ? EpollEvents.Readable | EpollEvents.EdgeTriggered : EpollEvents.Readable);
                if (seen > 0 && !_looks)
                {
                    _looks = true;
                    _poller.Schedule(this, s_look);
                }
            }

            return _waiting.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes what is there: the number of bytes, 0 when there is nothing now or <see cref="HasEnded"/> tells that nothing comes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            return _ended || _descriptor is null ? 0 : Bytes(Fifo.Read(_descriptor, buffer));
        }
    }

    /// <summary>Looks at what is there and leaves it.</summary>
    /// <inheritdoc cref="Read"/>
    public int Peek(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (_ended || _descriptor is null)
            {
                return 0;
            }

            if (_copyTo is null)
            {
                (_copyFrom, _copyTo) = PipeCalls.CreateDescriptors();
            }

            int copied = Bytes(PipeContent.Copy(_descriptor, _copyTo, buffer.Length));
            for (int read = 0; read < copied;)
            {
                read += Fifo.Read(_copyFrom!, buffer[read..copied]);
            }

            return copied;
        }
    }

    /// <summary>Ends it if no writer is there now or was before; otherwise it goes on to its own end.</summary>
    public void StopWaiting()
    {
        lock (_lock)
        {
            // One more wait, which gets no further than this: what is read then tells.
            _stopWaiting = true;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>Ends it after what is there now, even if a writer is still there.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            _finishing = true;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>
    /// Ends it when its writer has gone, or has been silent for a time: the process has ended, its shim may still be
    /// copying, and a process it left behind may hold the stream open for ever. What waits for the consumer does not count.
    /// </summary>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        StopWaiting();
        while (!HasEnded && patience > TimeSpan.Zero)
        {
            await Task.Delay(s_drainStep, cancellationToken).ConfigureAwait(false);
            patience -= Count == 0 ? s_drainStep : TimeSpan.Zero;
        }

        Finish();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_descriptor is null)
            {
                return;
            }

            _ended = true;
            _poller.Detach(this, _descriptor);
            _descriptor.Dispose();
            _descriptor = null;
            _copyFrom?.Dispose();
            _copyTo?.Dispose();
            _waiting?.TrySetResult();
        }
    }

    internal override void OnReady(EpollEvents events)
    {
        lock (_lock)
        {
            // What was seen and left is reported first.
            _writerSeen = true;
            _writerGone |= events.HasFlag(EpollEvents.HangUp);
            if (_seen == 0 || _writerGone || Count != _seen)
            {
                _waiting?.TrySetResult();
            }
        }
    }

    internal override void OnTurn()
    {
        lock (_lock)
        {
            _looks = false;
            _waiting?.TrySetResult();
        }
    }

    internal override void OnFailure(Exception error)
    {
        lock (_lock)
        {
            _failure = error;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>What a system call has returned, as a number of bytes.</summary>
    private int Bytes(int result)
    {
        if (_failure is not null)
        {
            _ended = true;
            throw new IOException(_failure.Message, _failure);
        }

        bool wasStopped = _stopWaiting;
        _stopWaiting = false;
        switch (-result)
        {
            case < 0:
                _writerSeen = true;
                return result;
            case 0:
                _ended |= _writerSeen || wasStopped || _finishing;
                return 0;
            case Errno.EAGAIN:
                _writerSeen = true;
                _ended |= _finishing;
                return 0;
            case Errno.EIO:
                // How a terminal says that its other end is gone.
                _ended = true;
                return 0;
            default:
                _ended = true;
                throw new IOException(Errno.ToException(-result, $"Reading {_name} failed").Message);
        }
    }
}
