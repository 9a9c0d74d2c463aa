using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>What goes wrong with a fifo, said the same way for both directions.</summary>
internal static class FifoErrors
{
    public static ContainerdException CannotOpen(string path, int errno) => Errno.ToException(
        errno,
        $"The fifo '{path}' of a task cannot be opened on this machine",
        errno == Errno.ENOENT
            ? "Its directory was cleaned up, or the daemon runs on another host: streams can be opened on the daemon's own host only."
            : null);

    public static void DemandFifo(string path, FileDescriptor descriptor)
    {
        if (!FileTypes.IsFifo(descriptor))
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"'{path}' is not a fifo, so it is not opened as a stream of a task.");
        }
    }
}
