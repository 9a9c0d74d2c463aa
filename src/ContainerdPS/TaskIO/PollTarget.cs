using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>One stream served by a <see cref="FifoPoller"/>. Its methods run on the poller's thread and must not wait.</summary>
internal abstract class PollTarget
{
    /// <summary>Names the stream within its poller; given by the poller, never used twice.</summary>
    internal long Key { get; set; }

    /// <summary>Does the poller's epoll instance know the stream's descriptor yet?</summary>
    internal bool IsWatched { get; set; }

    /// <summary>The descriptor is ready.</summary>
    internal abstract void OnReady(EpollEvents events);

    /// <summary>Asked for by <see cref="FifoPoller.Post"/> or <see cref="FifoPoller.Schedule"/>.</summary>
    internal abstract void OnTurn();

    /// <summary>The poller cannot serve the stream any more; what waits for it gets this error.</summary>
    internal abstract void OnFailure(Exception error);
}
