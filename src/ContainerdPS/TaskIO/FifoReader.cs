using System.Threading.Channels;
using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Reads one fifo to its end into a bounded number of pooled buffers. A consumer that does not read stops the
/// reading, then the fifo fills, then the writer waits.
/// </summary>
/// <remarks>
/// Reading a fifo gives 0 bytes both before the first writer has come and after the last has gone. They are told
/// apart by when it is read: Linux reports a descriptor opened without a writer neither as readable nor as hung up
/// until one has come, so 0 bytes after a report are the end.
/// </remarks>
internal sealed class FifoReader : PollTarget, IAsyncEnumerable<ReadOnlyMemory<byte>>, IDisposable
{
    /// <summary>How many bytes of buffers wait for the consumer at most.</summary>
    internal const int BufferLimit = 1 << 20;

    private const int ReadSize = 64 << 10;

    /// <summary>A short read moves to a buffer of its size, so that a slow trickle does not fill the limit with air.</summary>
    private const int ShortRead = ReadSize / 4;

    /// <summary>One busy stream must not keep the thread from the others.</summary>
    private const int ReadsPerTurn = 4;

    /// <summary>A fifo holds no more than this unless root has resized it: what may still come after <see cref="Finish"/>.</summary>
    private const int FifoCapacity = 1 << 20;

    private static long s_lastOrder;

    private readonly object _lock = new();
    private readonly FifoPoller _poller;
    private readonly string _path;
    private readonly Channel<OutputChunk> _chunks = Channel.CreateUnbounded<OutputChunk>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileDescriptor? _descriptor;
    private int _buffered;
    private int _finishBudget = FifoCapacity;
    private bool _heldBack;
    private bool _finishing;
    private int _enumerated;

    private FifoReader(string path, FileDescriptor descriptor, FifoPoller poller)
    {
        _path = path;
        _descriptor = descriptor;
        _poller = poller;
    }

    /// <summary>Completes, always without error, when nothing more is read from the fifo; buffered output may be left to consume.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Does reading wait for the consumer, not for a writer?</summary>
    public bool IsHeldBack
    {
        get
        {
            lock (_lock)
            {
                return _heldBack && _descriptor is not null;
            }
        }
    }

    /// <summary>Bytes of buffers that are filled and not given back.</summary>
    internal int BufferedBytes
    {
        get
        {
            lock (_lock)
            {
                return _buffered;
            }
        }
    }

    /// <summary>The filled buffers in the order read. Give each back by <see cref="Release"/>.</summary>
    internal ChannelReader<OutputChunk> Chunks => _chunks.Reader;

    /// <summary>Opens a fifo for reading; returns at once, whether or not there is a writer.</summary>
    /// <exception cref="ContainerdException">There is no such fifo, it may not be read, or the path is something else.</exception>
    public static FifoReader Open(string path, FifoPoller poller)
    {
        int errno = Fifo.OpenForReading(path, out FileDescriptor descriptor);
        if (errno != 0)
        {
            throw FifoErrors.CannotOpen(path, errno);
        }
        try
        {
            FifoErrors.DemandFifo(path, descriptor);
            FifoReader reader = new(path, descriptor, poller);
            lock (reader._lock)
            {
                poller.Attach(reader);
                try
                {
                    poller.Arm(reader, descriptor, EpollEvents.Readable);
                }
                catch
                {
                    poller.Detach(reader, descriptor);
                    throw;
                }
            }
            return reader;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Claims the right to consume; there is one consumer.</summary>
    /// <exception cref="InvalidOperationException">The output is being, or has been, consumed.</exception>
    internal void Claim()
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
        {
            throw new InvalidOperationException($"The output of '{_path}' is read already; it can be read once.");
        }
    }

    /// <summary>
    /// The output as it comes. Each memory is valid until the next one is asked for. Leaving early closes the fifo.
    /// </summary>
    public async IAsyncEnumerator<ReadOnlyMemory<byte>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        Claim();
        try
        {
            while (await _chunks.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_chunks.Reader.TryRead(out OutputChunk chunk))
                {
                    try
                    {
                        yield return chunk.Memory;
                    }
                    finally
                    {
                        Release(chunk);
                    }
                }
            }
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives a chunk's buffer back; reading goes on when enough are back.</summary>
    internal void Release(OutputChunk chunk)
    {
        _poller.Pool.Return(chunk.Buffer);
        lock (_lock)
        {
            _buffered -= chunk.Buffer.Length;
            if (_heldBack && _buffered <= BufferLimit / 2)
            {
                _heldBack = false;
                _poller.Post(this);
            }
        }
    }

    /// <summary>Ends the output if no writer is there now or was before; otherwise it goes on to its own end.</summary>
    public void StopWaiting()
    {
        lock (_lock)
        {
            // Reads without having been told of a writer: 0 bytes are the end then, too.
            _poller.Post(this);
        }
    }

    /// <summary>Ends the output after what is in the fifo now, even if a writer is still there.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            _finishing = true;
            _poller.Post(this);
        }
    }

    /// <summary>Closes the fifo at once and drops what nobody has consumed; the consumer sees the end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            End(error: null);
        }
        while (_chunks.Reader.TryRead(out OutputChunk chunk))
        {
            Release(chunk);
        }
    }

    internal override void OnReady(EpollEvents events)
    {
        lock (_lock)
        {
            Pump();
        }
    }

    internal override void OnTurn()
    {
        lock (_lock)
        {
            Pump();
        }
    }

    internal override void OnFailure(Exception error)
    {
        lock (_lock)
        {
            End(error);
        }
    }

    private void Pump()
    {
        for (int turn = 0; turn < ReadsPerTurn && _descriptor is not null; turn++)
        {
            if (_buffered > BufferLimit - ReadSize)
            {
                _heldBack = true;
                return;
            }
            if (!ReadOnce(_descriptor))
            {
                break;
            }
        }
        if (_descriptor is not null)
        {
            _poller.Arm(this, _descriptor, EpollEvents.Readable);
        }
    }

    /// <summary>Is there perhaps more to read now?</summary>
    private bool ReadOnce(FileDescriptor descriptor)
    {
        byte[] buffer = _poller.Pool.Rent(ReadSize);
        int read = Fifo.Read(descriptor, buffer.AsSpan(0, ReadSize));
        if (read > 0)
        {
            Enqueue(buffer, read);
            if (_finishing && (_finishBudget -= read) <= 0)
            {
                End(error: null);
            }
            return true;
        }
        _poller.Pool.Return(buffer);
        switch (-read)
        {
            case 0:
                End(error: null);
                break;
            case Errno.EAGAIN:
                // A writer is there and has nothing to say.
                if (_finishing)
                {
                    End(error: null);
                }
                break;
            default:
                End(Errno.ToException(-read, $"Reading the fifo '{_path}' failed"));
                break;
        }
        return false;
    }

    private void Enqueue(byte[] buffer, int length)
    {
        if (length <= ShortRead)
        {
            byte[] fitting = _poller.Pool.Rent(length);
            buffer.AsSpan(0, length).CopyTo(fitting);
            _poller.Pool.Return(buffer);
            buffer = fitting;
        }
        _buffered += buffer.Length;
        // Cannot fail: the channel is completed only under the lock held here, together with the descriptor.
        _chunks.Writer.TryWrite(new OutputChunk(buffer, length, Interlocked.Increment(ref s_lastOrder)));
    }

    private void End(Exception? error)
    {
        if (_descriptor is null)
        {
            return;
        }
        _poller.Detach(this, _descriptor);
        _descriptor.Dispose();
        _descriptor = null;
        _chunks.Writer.TryComplete(error);
        _ended.TrySetResult();
    }
}
