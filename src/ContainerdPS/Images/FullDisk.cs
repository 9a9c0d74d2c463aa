namespace ContainerdPS.Images;

/// <summary>A full disk of the daemon's, which it tells by its words alone.</summary>
internal static class FullDisk
{
    private const string Words = "no space left on device";

    /// <summary>Whether that is what a failure is; a disk of ours that is full, under a file that is written here, is another.</summary>
    public static bool Is(Exception e) => e is ContainerdException known && (known is { Reason: "DiskFull", Undone: not null } || known.DaemonMessage?.Contains(Words, StringComparison.Ordinal) == true);

    /// <summary>That failure.</summary>
    /// <param name="what">What could not be done, to which object.</param>
    /// <param name="left">What follows the advice: what is left of it; empty for nothing.</param>
    /// <param name="e">What the daemon says.</param>
    public static ContainerdException Error(string what, string left, ContainerdException e) => new(
        ContainerdErrorCode.ResourceExhausted, $"{what}: the daemon's disk is full ({Words}). Free some room, for example with Remove-ContainerImage, and try again.{left}", e) { Reason = "DiskFull", DaemonMessage = e.DaemonMessage, Undone = what };
}
