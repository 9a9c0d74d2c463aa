namespace ContainerdPS.Native;

/// <summary>Tells a fifo from everything else. Linux only.</summary>
internal static class FileTypes
{
    /// <summary>Is the path itself a fifo? A symbolic link to one is not, and neither is what does not exist.</summary>
    public static bool IsFifo(string path) => StatxCall.Read(path, out FileStatus status) == 0 && status.IsFifo;

    /// <summary>Is what has been opened a fifo?</summary>
    public static bool IsFifo(FileDescriptor descriptor) => StatxCall.Read(descriptor, out FileStatus status) == 0 && status.IsFifo;
}
