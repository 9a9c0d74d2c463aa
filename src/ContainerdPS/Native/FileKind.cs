namespace ContainerdPS.Native;

/// <summary>Tells other files from sockets, which the runtime's file API calls files too.</summary>
internal static class FileKind
{
    /// <summary>What is at a path that is not a socket, in words with an article; null for a socket or where it cannot be told.</summary>
    public static string? OtherThanSocket(string path)
    {
        if (Directory.Exists(path))
        {
            return "a folder";
        }

        if (!OperatingSystem.IsLinux())
        {
            return CanBeOpened(path) ? "a plain file" : null;
        }

        // Asked of the kernel, and not by opening it: that would wait for a writer where it is a fifo.
        return StatxCall.ReadTarget(path, out FileStatus status) != 0 ? null
            : status.IsRegular ? "a plain file"
            : status.IsFifo ? "a fifo"
            : status.IsCharacterDevice || status.IsBlockDevice ? "a device"
            : null;
    }

    private static bool CanBeOpened(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
