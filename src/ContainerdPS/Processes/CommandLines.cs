namespace ContainerdPS.Processes;

/// <summary>What the host tells of processes, where the daemon is on this host.</summary>
internal static class CommandLines
{
    private const int Longest = 4096;

    /// <summary>When a process was started, in local time; null when that cannot be read.</summary>
    public static DateTimeOffset? StartedAt(ContainerdSession session, int processId)
    {
        if (processId <= 0 || !session.IsLocal)
        {
            return null;
        }

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return process.StartTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The command line of a process; null when it cannot be read.</summary>
    public static string? Read(ContainerdSession session, int processId)
    {
        if (processId <= 0 || !OperatingSystem.IsLinux() || !session.IsLocal)
        {
            return null;
        }

        try
        {
            using FileStream file = File.OpenRead($"/proc/{processId}/cmdline");
            byte[] bytes = new byte[Longest];
            int length = file.ReadAtLeast(bytes, Longest, throwOnEndOfStream: false);
            return length == 0 ? null : System.Text.Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0').Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended in the meantime, or belongs to somebody else.
            return null;
        }
    }
}
