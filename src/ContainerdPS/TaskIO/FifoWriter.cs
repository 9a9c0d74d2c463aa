using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Writes one fifo, or a terminal. The system refuses to open a fifo for writing before it has a reader, so opening is
/// tried again by the poller until there is one.
/// </summary>
internal sealed class FifoWriter : PollTarget, IDisposable
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly FifoPoller _poller;
    private readonly string _path;
    private readonly string _name;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private FileDescriptor? _descriptor;
    private TimeSpan _retry = s_firstRetry;
    private Exception? _failure;
    private bool _isClosed;
    private bool _completing;

    private FifoWriter(string path, string name, FifoPoller poller)
    {
        _path = path;
        _name = name;
        _poller = poller;
    }

    /// <summary>Completes, always without error, when the fifo is closed: completed, abandoned, or left by its reader.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Has the reader gone, so that nothing more can be written?</summary>
    public bool ReaderGone { get; private set; }

    /// <summary>Begins to open a fifo for writing and returns at once.</summary>
    /// <exception cref="ContainerdException">There is no such fifo, it may not be written, or the path is something else.</exception>
    public static FifoWriter Open(string path, FifoPoller poller)
    {
        FifoWriter writer = new(path, $"the fifo '{path}'", poller);
        lock (writer._lock)
        {
            poller.Attach(writer);
            try
            {
                writer.TryOpen();
            }
            catch
            {
                writer.Close();
                throw;
            }
        }
        return writer;
    }

    /// <summary>Writes what is open already and does not block, and closes it in the end.</summary>
    /// <param name="descriptor">What to write to.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="poller">Who waits for it.</param>
    public static FifoWriter Over(FileDescriptor descriptor, string name, FifoPoller poller)
    {
        FifoWriter writer = new(string.Empty, name, poller) { _descriptor = descriptor };
        writer._opened.SetResult();
        poller.Attach(writer);
        return writer;
    }

    /// <summary>Writes all of it, waiting for a reader and for room as needed. One call at a time.</summary>
    /// <exception cref="IOException">The reader has gone; <see cref="ReaderGone"/> is true.</exception>
    /// <exception cref="ObjectDisposedException">The stream was completed or closed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            Task? room = WriteSome(ref bytes);
            if (room is null)
            {
                return;
            }
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the input: the reader sees the end after what was written, also if it comes only later.</summary>
    /// <returns>Completes when the fifo is closed, which is not before a reader has come.</returns>
    public Task CompleteAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _completing = true;
            if (_descriptor is not null)
            {
                Close();
            }
        }
        return Closed.WaitAsync(cancellationToken);
    }

    /// <summary>Gives up if no reader has come; an open fifo stays open.</summary>
    public void StopWaiting()
    {
        lock (_lock)
        {
            if (_descriptor is null)
            {
                Close();
            }
        }
    }

    /// <summary>Closes at once; a write that waits ends with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            Close();
        }
    }

    internal override void OnReady(EpollEvents events)
    {
        lock (_lock)
        {
            _room?.TrySetResult();
        }
    }

    internal override void OnTurn()
    {
        lock (_lock)
        {
            if (!_isClosed && _descriptor is null)
            {
                TryOpen();
            }
        }
    }

    internal override void OnFailure(Exception error)
    {
        lock (_lock)
        {
            _failure ??= error;
            Close();
        }
    }

    private void TryOpen()
    {
        int errno = Fifo.OpenForWriting(_path, out FileDescriptor descriptor);
        if (errno == Errno.ENXIO)
        {
            _poller.Schedule(this, _retry);
            _retry = _retry * 2 < s_longestRetry ? _retry * 2 : s_longestRetry;
            return;
        }
        if (errno != 0)
        {
            throw FifoErrors.CannotOpen(_path, errno);
        }
        _descriptor = descriptor;
        FifoErrors.DemandFifo(_path, descriptor);
        _opened.TrySetResult();
        if (_completing)
        {
            Close();
        }
    }

    /// <summary>Writes what there is room for. Returns null when all is written, else what to wait for.</summary>
    private Task? WriteSome(ref ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            while (true)
            {
                ThrowIfClosed();
                if (bytes.IsEmpty)
                {
                    return null;
                }
                int written = Fifo.Write(_descriptor!, bytes.Span);
                switch (-written)
                {
                    case <= 0:
                        bytes = bytes[written..];
                        break;
                    case Errno.EAGAIN:
                        _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                        _poller.Arm(this, _descriptor!, EpollEvents.Writable);
                        return _room.Task;
                    case Errno.EPIPE:
                        ReaderGone = true;
                        Close();
                        break;
                    default:
                        _failure = Errno.ToException(-written, $"Writing {_name} failed");
                        Close();
                        break;
                }
            }
        }
    }

    private void ThrowIfClosed()
    {
        if (!_isClosed)
        {
            return;
        }
        if (ReaderGone)
        {
            throw new IOException($"Nobody reads {_name} any more.");
        }
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }
        throw new ObjectDisposedException(nameof(FifoWriter), $"{char.ToUpperInvariant(_name[0])}{_name[1..]} is closed.");
    }

    private void Close()
    {
        if (_isClosed)
        {
            return;
        }
        _isClosed = true;
        _poller.Detach(this, _descriptor);
        _descriptor?.Dispose();
        _descriptor = null;
        _opened.TrySetResult();
        _room?.TrySetResult();
        _closed.TrySetResult();
    }
}
