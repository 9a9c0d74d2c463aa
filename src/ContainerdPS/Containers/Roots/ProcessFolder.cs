using ContainerdPS.Native;
using Microsoft.Win32.SafeHandles;

namespace ContainerdPS.Containers.Roots;

/// <summary>/proc/PID, held open: it stays that process's when the process has ended and its id is another's.</summary>
internal sealed class ProcessFolder : IDisposable
{
    private readonly SafeFileHandle folder;

    private ProcessFolder(SafeFileHandle folder) => this.folder = folder;

    /// <summary>Opens it; null where there is no such process.</summary>
    /// <param name="processes">The /proc to look in.</param>
    /// <param name="id">The process id.</param>
    public static ProcessFolder? Open(string processes, int id) =>
        FolderCalls.OpenPath($"{processes}/{id}", followLast: true, out _) is { } folder ? new ProcessFolder(folder) : null;

    /// <summary>Opens the root of what the process sees; null and the error number when that fails.</summary>
    public SafeFileHandle? OpenRoot(out int error) => FolderCalls.OpenLinked(folder, "root", out error);

    /// <summary>Reads one of its files; empty when the process has ended.</summary>
    public string Read(string name)
    {
        using SafeFileHandle? file = FolderCalls.OpenFile(folder, name, out _);
        if (file is null)
        {
            return string.Empty;
        }

        try
        {
            using var stream = new FileStream(file, FileAccess.Read);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    public void Dispose() => folder.Dispose();
}
