namespace ContainerdPS.Native;

/// <summary>The guard in front of system calls that exist on Linux alone.</summary>
internal static class LinuxOnly
{
    /// <summary>Throws unless this is Linux.</summary>
    /// <param name="feature">What is asked for, as the subject of a sentence: <c>A task's streams</c>.</param>
    /// <exception cref="ContainerdException">Unimplemented, elsewhere than on Linux.</exception>
    public static void Demand(string feature)
    {
        if (OperatingSystem.IsLinux())
        {
            return;
        }
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "this system";
        throw new ContainerdException(
            ContainerdErrorCode.Unimplemented,
            $"On {system} this module cannot do this yet: {feature} need fifos, which only a Linux daemon's own host has. "
            + "Run the command on that host, or send the task's output to a log file or log URI instead.");
    }
}
