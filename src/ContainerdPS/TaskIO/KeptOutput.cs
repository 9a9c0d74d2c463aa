using System.Collections.Concurrent;
using ContainerdPS.Native;

namespace ContainerdPS.TaskIO;

/// <summary>
/// Holds the output of processes made here that nobody reads yet: a fifo loses what is in it when its last descriptor is
/// closed, and the shim closes its own when the process ends. It goes with the fifos, or with this process.
/// </summary>
internal static class KeptOutput
{
    private static readonly ConcurrentDictionary<string, FileDescriptor[]> s_held = new(StringComparer.Ordinal);

    /// <summary>Opens the outputs, which the shim waits for as well, and holds them.</summary>
    /// <exception cref="ContainerdException">One cannot be opened; none is held.</exception>
    public static void Hold(FifoSet fifos)
    {
        var opened = new List<FileDescriptor>(2);
        try
        {
            foreach (string path in Outputs(fifos))
            {
                int errno = Fifo.OpenForReading(path, out FileDescriptor descriptor);
                opened.Add(descriptor);
                if (errno != 0)
                {
                    throw FifoErrors.CannotOpen(path, errno);
                }

                FileLock.Share(descriptor);
            }
        }
        catch
        {
            opened.ForEach(static descriptor => descriptor.Dispose());
            throw;
        }

        Prune();
        s_held[Key(fifos)] = [.. opened];
    }

    /// <summary>Lets go of those whose fifos somebody else has removed: they are of no use to anybody.</summary>
    public static void Prune()
    {
        foreach (string path in s_held.Keys.Where(static path => !FileTypes.IsFifo(path)))
        {
            Release(path);
        }
    }

    /// <summary>Removes fifos, and lets their outputs go where they are held here.</summary>
    public static void Remove(FifoSet fifos)
    {
        Release(Key(fifos));
        fifos.Remove();
    }

    private static void Release(string key)
    {
        if (s_held.TryRemove(key, out FileDescriptor[]? descriptors))
        {
            Array.ForEach(descriptors, static descriptor => descriptor.Dispose());
        }
    }

    private static IEnumerable<string> Outputs(FifoSet fifos) => new[] { fifos.Stdout, fifos.Stderr }.OfType<string>();

    private static string Key(FifoSet fifos) => Outputs(fifos).FirstOrDefault(string.Empty);
}
