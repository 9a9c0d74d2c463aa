using ContainerdPS.Daemons;
using ContainerdPS.Native;
using ContainerdPS.Processes;
using ContainerdPS.Services;

namespace ContainerdPS.Logs;

/// <summary>
/// Who writes a log: the shim, which still copies what a process wrote when that has ended. It closes the log when it is
/// done, and that can be seen.
/// </summary>
internal sealed class LogWriter
{
    /// <summary>A log that nobody is seen to write has ended when it stays as it is for so long.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Whatever is seen, it is over then: a shim may keep a log open for another process.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly int shim;

    /// <summary>The writer by its process id; 0 for one that is not known.</summary>
    internal LogWriter(int shim) => this.shim = shim;

    /// <summary>The writer of what a process writes, where it runs on this host: the process's parent, or, when it has ended, the shim of its container.</summary>
    public static LogWriter Of(NamespaceClient client, ProcessAddress address, int processId) =>
        new(OperatingSystem.IsLinux() && client.Session.IsLocal ? Shim(client, address, processId) : 0);

    /// <summary>Whether nothing comes any more.</summary>
    /// <param name="file">The log.</param>
    /// <param name="quiet">How long nothing has come.</param>
    /// <param name="ended">How long ago the process ended.</param>
    public bool IsDone(LogFile file, TimeSpan quiet, TimeSpan ended) =>
        ended > Limit || (shim > 1 && IsOpen(file) is { } open ? !open : quiet > QuietTime);

    private static int Shim(NamespaceClient client, ProcessAddress address, int processId) =>
        processId > 0 && ProcessTable.ParentOf(processId) is > 0 and var parent
            ? parent
            : ProcessTable.ShimOf(client.Session.Address, client.Namespace, address.Container);

    /// <summary>Whether the shim has the log open; null where that cannot be seen.</summary>
    private bool? IsOpen(LogFile file)
    {
        if (file.Identity is null)
        {
            return null;
        }

        try
        {
            foreach (string link in Directory.EnumerateFileSystemEntries($"/proc/{shim}/fd"))
            {
                if (StatxCall.ReadTarget(link, out FileStatus status) == 0 && status.Identity == file.Identity)
                {
                    return true;
                }
            }

            return false;
        }
        catch (DirectoryNotFoundException)
        {
            // The shim is gone, and nobody else writes.
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
