namespace ContainerdPS.Native;

/// <summary>Tells plain files from sockets, which the runtime's file API both calls files.</summary>
internal static class FileKind
{
    public static bool IsRegularFile(string path)
    {
        try
        {
            // Opening a socket fails with ENXIO; a plain file opens, or is denied to its reader.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
