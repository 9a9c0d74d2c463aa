using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Holds the reading ends of a task's outputs open and reads nothing: for a shim that waits for a reader before it opens
/// its own ends. What is written meanwhile stays in the fifos.
/// </summary>
internal sealed class FifoHold : IDisposable
{
    private readonly List<FileDescriptor> held = [];

    private FifoHold()
    {
    }

    /// <summary>Opens those of the paths that are fifos; what is no path of this machine is left alone.</summary>
    public static FifoHold Open(params ReadOnlySpan<string> paths)
    {
        var hold = new FifoHold();
        foreach (string path in paths)
        {
            if (!path.StartsWith('/') || Fifo.OpenForReading(path, out FileDescriptor descriptor) != 0)
            {
                continue;
            }

            if (FileTypes.IsFifo(descriptor))
            {
                hold.held.Add(descriptor);
            }
            else
            {
                descriptor.Dispose();
            }
        }

        return hold;
    }

    public void Dispose() => held.ForEach(static descriptor => descriptor.Dispose());
}
