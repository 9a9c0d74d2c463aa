using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>What one run of a <see cref="FifoPoller"/>'s thread owns.</summary>
internal sealed class PollEngine : IDisposable
{
    public PollEngine(int capacity, long wakeKey)
    {
        Wake = new EventFd();
        try
        {
            Epoll = new Epoll(capacity);
        }
        catch
        {
            Wake.Dispose();
            throw;
        }
        try
        {
            Epoll.Watch(Wake.Descriptor, EpollEvents.Readable, wakeKey);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Epoll Epoll { get; }

    public EventFd Wake { get; }

    public void Dispose()
    {
        Wake.Dispose();
        Epoll.Dispose();
    }
}
