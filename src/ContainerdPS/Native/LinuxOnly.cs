using System.Runtime.Versioning;

namespace ContainerdPS.Native;

/// <summary>The guard in front of system calls that exist on Linux alone.</summary>
internal static class LinuxOnly
{
    /// <summary>Is this Linux? The compiler takes it as the guard of what Windows does not have.</summary>
    [UnsupportedOSPlatformGuard("windows")]
    [SupportedOSPlatformGuard("linux")]
    public static bool IsHere => OperatingSystem.IsLinux();

    /// <summary>What to throw elsewhere.</summary>
    /// <param name="feature">What is asked for, as the subject of a sentence: <c>opening the streams of a task</c>.</param>
    public static ContainerdException Unimplemented(string feature)
    {
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "this system";
        return new ContainerdException(
            ContainerdErrorCode.Unimplemented,
            $"On {system} {feature} is not possible yet: it needs fifos, which only a Linux daemon's own host has. "
            + "Run the command on that host, or send the output to a log file or a log URI.");
    }
}
